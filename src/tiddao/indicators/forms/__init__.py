"""Input from people, by what they write: each page's forms in a module of their own."""
