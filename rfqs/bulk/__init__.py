"""Invented requests by the hundred thousand, for measuring: every constraint and trigger holds.

Nothing is switched off. A request's lines go in before the request itself, whose foreign keys are
checked when the transaction ends; awards are filled as drafts and submitted afterwards; approved ones
are decided while they are pending. That is the order the triggers ask for, a batch at a time.
"""
