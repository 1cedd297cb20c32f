"""Making a function an action: atomic, and accountable for what it refused."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from quoteflow.audit import journal
from quoteflow.lib.errors import DomainError, NotAllowed

P = ParamSpec("P")
R = TypeVar("R")


def action(verb: Callable[P, R]) -> Callable[P, R]:
    """Run `verb` in one transaction; what it did not allow is journalled in a transaction of its own.

    A refusal's `afterwards` is done in it, too. The refused work is rolled back first. An action inside
    another one's transaction leaves this to the outer one, so that an attempt is one event, however deep
    it was refused.
    """

    @wraps(verb)
    def accountable(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return verb(*args, **kwargs)
        except DomainError as refusal:
            with transaction.atomic():
                _follow_up(verb.__name__, refusal)
            raise

    return accountable


def _follow_up(attempt: str, refusal: DomainError) -> None:
    """One event in the story of the request, supplier or object it was about, and what follows."""
    if refusal.afterwards is not None:
        refusal.afterwards()
    if not isinstance(refusal, NotAllowed) or refusal.about is None:
        return
    about = refusal.about
    journal.record(
        "attempt.denied",
        about,
        by=refusal.by,
        stream=getattr(about, "rfq_id", None) or getattr(about, "supplier_id", None),
        after={"attempt": attempt, "rule": refusal.rule},
    )
