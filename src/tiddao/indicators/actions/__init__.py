"""Acts on frameworks, rounds, results and scores: one function, one transaction, one entry."""
