"""What changes places: one module per act of the office."""
