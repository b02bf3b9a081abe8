"""Pages of places: search, groups, lists of villages."""
