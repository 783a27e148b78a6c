"""Writes on units, people and messages, and the record that every write leaves."""
