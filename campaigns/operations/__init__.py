"""Writes on campaigns: one function owns each step, and every page, job and system calls it."""
