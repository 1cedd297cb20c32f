"""The demonstration data, all of it or nothing."""

import time
from random import Random

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import demo
from accounts.models import Site, User
from quoteflow.lib.errors import DomainError
from quoteflow.lib.progress import Progress
from rfqs.actions import deciding, drafting, opening, sourcing
from rfqs.demo import master
from rfqs.demo.reading import plans
from rfqs.demo.telling import REFUSAL, RETURN, Story
from rfqs.models import ApprovalPolicy
from rfqs.states import Status

SEED = 20061123
LOCK = 0x51F0DE30  # an advisory lock of our own: two loads at once do the work once


class NotEmpty(DomainError):
    """The installation holds real work."""


def is_there() -> bool:
    """Whether the demonstration people exist."""
    return User.objects.get_queryset().filter(email=demo.PEOPLE[0].email).exists()


@transaction.atomic
def load(*, shown: bool = True) -> int:
    """Fill an empty installation and return the number of requests; 0 when it was done before.

    Everything happens in one transaction, by the actions people use, so that no request is
    impossible. Raises NotEmpty where there are sites already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if is_there():
        return 0
    if Site.objects.exists() or ApprovalPolicy.objects.exists():
        raise NotEmpty(
            _(
                "There are sites or approval policies already. Demonstration data belongs into an empty"
                " installation."
            )
        )
    rng = Random(SEED)  # noqa: S311 (the same data every time is the point)
    now = timezone.localtime()
    cast = master.load(rng, now.date())
    stories = [Story(plan, cast, Random(rng.random())) for plan in plans()]  # noqa: S311
    with Progress(_("Demonstration data"), total=3 * len(stories), shown=shown) as progress:
        _tell(stories, progress)
    master.finish(cast)
    return len(stories)


def _tell(stories: list[Story], progress: Progress) -> None:
    """Write all, publish those that must close first, and finish those last: nobody has to wait."""
    for story in stories:
        story.draft(timezone.localtime())
        progress.advance()
    for story in sorted(stories, key=_must_wait, reverse=True):
        if story.plan.state != "draft" and "draft" not in story.plan.flags:
            story.publish()
        progress.advance()
    for story in sorted(stories, key=_must_wait):
        if _must_wait(story):
            _wait_until_closed(story)
        _finish(story)
        progress.advance()


def _must_wait(story: Story) -> bool:
    """Whether nothing can happen before the closing time has passed."""
    return story.plan.is_short and ("sealed" in story.plan.flags or not story.plan.quotes)


def _wait_until_closed(story: Story) -> None:
    story.rfq.refresh_from_db()
    if story.rfq.deadline is not None:
        left = (story.rfq.deadline - timezone.now()).total_seconds()
        time.sleep(max(left + 0.01, 0))


def _finish(story: Story) -> None:
    """Take a published request from its quotations to the state the plan names."""
    state, flags, rfq = story.plan.state, story.plan.flags, story.rfq
    if state == Status.CANCELLED:
        if "evaluation" in flags:
            story.evaluate()
        drafting.cancel(rfq_id=rfq.pk, by=story.buyer, reason=REFUSAL)
    elif state == Status.UNSUCCESSFUL:
        _fail(story)
    elif state == "closed" and "dual" in flags:
        _ask_first_person(story)
    elif state not in (Status.DRAFT, Status.OPEN, "closed"):
        story.evaluate()
        _award(story)


def _ask_first_person(story: Story) -> None:
    """One of two people wants to open; the other has not said so yet."""
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)


def _fail(story: Story) -> None:
    reason = "No offer that counts came in."
    if story.plan.quotes:
        story.evaluate()
        story.disqualify_all()
    sourcing.close_unsuccessful(rfq_id=story.rfq.pk, by=story.buyer, reason=reason)


def _award(story: Story) -> None:
    """From the evaluation to where the approval stands."""
    state = story.plan.state
    if state == Status.EVALUATION:
        if "picked" in story.plan.flags:
            story.pick()
        return
    story.submit()
    if state == "pending2":
        story.decide(deciding.approve, "")
    elif state == "returned":
        story.decide(deciding.send_back, RETURN)
    elif state == Status.REJECTED:
        story.decide(deciding.reject, REFUSAL)
    elif state == Status.APPROVED:
        story.approve()
