"""What goes out as JSON, from the API and the command line alike, and what may be asked.

Scores, percentages and points are JSON numbers of at most four decimals; an explanation carries exact
decimals as strings, because it is recomputed from. Days are Gregorian (ISO 8601); years Buddhist.
"""
