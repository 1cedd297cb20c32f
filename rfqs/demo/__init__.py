"""Demonstration data: an installation that looks as if people worked in it (data/SOURCES.md)."""
