"""Charts: a file for each kind, which turns rows of a query into one ``Chart`` for pages and documents alike."""
