"""Acts on the treasury's series: one function, one transaction, one entry."""
