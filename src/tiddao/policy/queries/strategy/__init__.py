"""The strategy of a year as its pages show it: down to the work, up from any part of the work."""
