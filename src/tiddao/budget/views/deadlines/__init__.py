"""Pages of deadlines, plans, help and kept boards."""
