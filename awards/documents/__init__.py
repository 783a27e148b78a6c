"""Tables of the awards as files."""
