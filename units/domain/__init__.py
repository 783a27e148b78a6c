"""Rules in plain Python, without Django."""
