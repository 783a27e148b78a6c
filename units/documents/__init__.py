"""Files that people bring in or take away."""
