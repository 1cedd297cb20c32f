"""Errors a person can cause and a page can explain.

Each carries a sentence fit for the screen and the HTTP status it becomes there.
"""

from collections.abc import Callable
from typing import Any


class DomainError(Exception):
    """A rule of the business said no for now (409); the message is fit to show to the user.

    `afterwards`, where it is set, is done by the refused action once its own work is rolled back.
    """

    status = 409
    afterwards: Callable[[], object] | None = None


class NotAllowed(DomainError):
    """This person may see the object, but may not do this to it (403).

    `rule` names what refused, `by` is the person and `about` the object, where the raiser knows them.
    """

    status = 403

    def __init__(self, message: str, *, rule: str = "", by: Any = None, about: Any = None) -> None:
        super().__init__(message)
        self.rule, self.by, self.about = rule, by, about


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
