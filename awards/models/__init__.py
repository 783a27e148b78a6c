"""Who is honoured: schemes with their criteria, rounds with their scores, and the flags that move."""

from .flags import RedFlag
from .rounds import Adjustment, Appeal, Round, Score, ScoreLine, Snapshot
from .schemes import Criterion, Gate, Scheme

__all__ = [
    "Adjustment",
    "Appeal",
    "Criterion",
    "Gate",
    "RedFlag",
    "Round",
    "Scheme",
    "Score",
    "ScoreLine",
    "Snapshot",
]
