"""What the department decided about stars, as plain functions: no Django, no clock, no I/O."""
