"""Rows as columns: read exactly from PostgreSQL, summed by an engine made for it. No domain here."""
