"""What this area tells others without knowing them."""

from django.dispatch import Signal

members_changed = Signal()
"""A group's members changed. Sent inside the transaction of the act, with
``group`` (its key) and ``on`` (the first day for which membership differs; None: unbounded).
"""

places_changed = Signal()
"""Places began, ended, or were called otherwise. Sent inside the transaction of the act, with
``on`` (the first day for which the map differs).
"""
