"""Input from people; each part of the area has a module of its own."""
