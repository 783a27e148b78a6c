"""What people type about people: read, normalised, and refused beside the box where it cannot be taken."""
