"""A calendar without days off, so that what a test sends goes out on whatever day it runs."""

from __future__ import annotations

from datetime import date


class AlwaysWorking:
    def is_working(self, day: date) -> bool:
        return True


def always_working() -> AlwaysWorking:
    return AlwaysWorking()
