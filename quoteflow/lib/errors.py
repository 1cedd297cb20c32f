"""Errors a person can cause and a page can explain.

Each carries a sentence fit for the screen and the HTTP status it becomes there.
"""


class DomainError(Exception):
    """A rule of the business said no for now (409); the message is fit to show to the user."""

    status = 409


class NotAllowed(DomainError):
    """This person may see the object, but may not do this to it (403)."""

    status = 403


class Incomplete(DomainError):
    """Something is not well filled in (422); `problems` has one sentence per gap."""

    status = 422

    def __init__(self, message: str, problems: list[str] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []


class Stale(DomainError):
    """Someone else changed the object since it was read (409); `theirs` holds the stored values."""

    def __init__(self, message: str, theirs: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.theirs = theirs or {}
