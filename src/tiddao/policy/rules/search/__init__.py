"""Finding words in Thai text: folding, cutting into words, understanding what is asked, excerpts."""
