"""Pages of the treasury's series."""
