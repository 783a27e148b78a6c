"""Files that people take away and bring back: what a unit owes as Excel, lists as Excel and CSV."""
