"""What the budget area decided, as plain functions: no Django, no clock, no database."""
