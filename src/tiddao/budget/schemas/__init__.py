"""What the JSON of this area looks like; each part has a module of its own."""
