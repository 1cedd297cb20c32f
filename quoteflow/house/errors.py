"""Why a command of the house stopped."""


class Refusal(Exception):
    """The command cannot go on; the message says what to do about it."""
