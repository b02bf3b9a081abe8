"""What is decided about places, as plain functions."""
