"""The administration's pages for award schemes, rounds, scores and red flags: administrators only."""

from . import flags, rounds, schemes

__all__ = ["flags", "rounds", "schemes"]
