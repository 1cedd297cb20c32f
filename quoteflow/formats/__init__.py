"""Formats of languages where ours differ from Django's own (FORMAT_MODULE_PATH)."""
