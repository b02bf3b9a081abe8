"""The office's own vocabulary in plain Python: numbers, days, money, land, names.

Knows no area, no framework and no settings. Each module loads in milliseconds.
"""
