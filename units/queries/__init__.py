"""Reads that assemble: what people, their messages and the record of changes are shown as."""
