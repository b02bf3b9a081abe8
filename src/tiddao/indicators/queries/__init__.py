"""Reads about frameworks, results, stars and league tables: frozen dataclasses, nothing written."""
