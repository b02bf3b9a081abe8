"""Pages of the offices' own books."""
