"""Pages of offices' own workbooks."""
