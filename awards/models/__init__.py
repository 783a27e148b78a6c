"""Who is honoured: schemes with their criteria, rounds with their scores, and the flags that move."""

from . import keys
from .flags import RedFlag
from .marks import Mark
from .rounds import Adjustment, Appeal, Round, Score, ScoreLine, Snapshot
from .schemes import Criterion, Gate, Scheme

__all__ = [
    "Adjustment",
    "Appeal",
    "Criterion",
    "Gate",
    "Mark",
    "RedFlag",
    "Round",
    "Scheme",
    "Score",
    "ScoreLine",
    "Snapshot",
    "keys",
]
