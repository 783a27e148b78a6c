"""Reads that assemble a table or a page, each in a fixed number of SQL queries."""
