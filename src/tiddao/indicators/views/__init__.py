"""Pages, by page: a place's stars, league tables, frameworks and their drafts, imports, rounds."""
