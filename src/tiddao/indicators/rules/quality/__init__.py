"""Questions about a whole round of figures: what is unusual beside everybody else's, and why.

``questions`` next door asks at the cell, while somebody types. This package looks at a round when it
is in: each office against its own past and against its peers, in five ways (``outliers``,
``digits``, ``copies``, ``cutoffs``, ``edits``). Each detector gives a chance: how often an honest
office would look like this, judged by what its peers do. ``asking`` controls how many of
the questions may be idle ones and puts them in words. None of them is a verdict.
"""
