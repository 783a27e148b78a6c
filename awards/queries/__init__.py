"""Reads that assemble what the pages of the awards show."""
