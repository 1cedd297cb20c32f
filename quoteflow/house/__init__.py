"""The commands behind `bootstrap.py` and the Makefile: standard library only."""
