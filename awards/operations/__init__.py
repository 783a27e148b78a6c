"""Writes: one function per step, in one transaction, with one record of the change."""
