"""What people type about awards, into Python values."""
