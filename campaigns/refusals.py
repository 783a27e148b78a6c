"""Why an operation refuses, as `units.refusals` defines it: the operations of campaigns raise the same exceptions."""

from units.refusals import Incomplete, Invalid, Refusal, StaleVersion, WrongState

__all__ = ["Incomplete", "Invalid", "Refusal", "StaleVersion", "WrongState"]
