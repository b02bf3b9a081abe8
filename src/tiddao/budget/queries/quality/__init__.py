"""Questions about the data of offices: how many of each kind, and which, a page at a time.

A question is looked up where its fact stands; nothing is kept beside it. Of many offices (a region,
the nation) the counts of last night are read instead (``QualityCount``).
"""
