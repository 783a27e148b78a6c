"""Who is honoured: schemes with their criteria, rounds with their scores, and the flags that move."""

from .flags import RedFlag
from .rounds import Adjustment, Appeal, Round, Score, ScoreLine, Snapshot
from .schemes import Criterion, Scheme

__all__ = [
    "Adjustment",
    "Appeal",
    "Criterion",
    "RedFlag",
    "Round",
    "Scheme",
    "Score",
    "ScoreLine",
    "Snapshot",
]
