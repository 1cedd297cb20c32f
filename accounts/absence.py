"""Being away: another approver decides until one is back (DOMAIN 4)."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Delegation, User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from quoteflow.notifications.outbox import Letter, enqueue

LONGEST_DAYS = 366


@action
def delegate(*, by: User, deputy_id: UUID, first: date, last: date, reason: str = "") -> Delegation:
    """Let another approver decide for `by` from the day `first` to the day `last`, both included.

    Days are of the zone `by` reads times in. Raises NotAllowed for who decides nothing, Incomplete
    for days or a deputy that cannot be.
    """
    person = User.objects.get_queryset().select_for_update().get(pk=by.pk)
    if not person.is_approver:
        raise NotAllowed(for_approvers(), rule="can_delegate", by=by, about=person)
    deputy = User.objects.get_queryset().filter(pk=deputy_id).first()
    if deputy is None or deputy.pk == person.pk or not deputy.is_approver:
        raise Incomplete(_("Choose another active approver or head."))
    today = timezone.now().astimezone(person.zone).date()
    if last < first or last < today or (last - first).days >= LONGEST_DAYS:
        raise Incomplete(_("The last day must lie today or later, after the first, within a year."))
    starts_at, ends_at = _midnight(person, first), _midnight(person, last + timedelta(days=1))
    overlapping = Delegation.objects.filter(
        person=person, revoked_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    if overlapping.exists():
        raise DomainError(_("You have a deputy for some of these days already. End that first."))
    made = Delegation.objects.create(
        person=person, deputy=deputy, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()
    )
    after = {"deputy": str(deputy.pk), "first": first.isoformat(), "last": last.isoformat()}
    journal.record("delegation.create", made, by=by, stream=person.pk, after=after)
    context = {"person": person, "first": first, "last": last, "reason": made.reason}
    enqueue([Letter("deputy_asked", str(made.pk), deputy.email, context)])
    return made


@action
def end(*, by: User, delegation_id: UUID) -> Delegation:
    """Be back, or think better of it: from now on only `by` decides. Ending twice is ending once."""
    held = Delegation.objects.select_for_update().get(pk=delegation_id, person=by)
    if held.revoked_at is None:
        held.revoked_at = timezone.now()
        held.save(update_fields=["revoked_at"])
        journal.record("delegation.end", held, by=by, stream=by.pk)
    return held


def for_approvers() -> str:
    """Why others have no deputy."""
    return _("Only approvers and heads have a deputy: others decide nothing.")


def _midnight(person: User, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=person.zone)
