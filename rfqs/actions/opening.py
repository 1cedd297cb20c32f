"""From collecting to comparing: the opening, and the exchange rates it freezes."""

from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError
from quoteflow.lib.templatetags.qf import day
from rfqs import commitment, policy
from rfqs.actions import late
from rfqs.actions.figures import refresh_quotations
from rfqs.actions.moving import move, store
from rfqs.actions.negotiating import carry_over
from rfqs.models import LIVE, RFQ, CommodityType, ExchangeRate, Opening
from rfqs.states import Event, IllegalTransition, Status, follow


@action
def begin_evaluation(*, rfq_id: UUID, by: User) -> RFQ:
    """Stop collecting and start comparing; the exchange rates of today (site time) are frozen.

    An open-quote request may go any time it has a quotation. A sealed one only after its closing
    time, and by two different people where `needs_two` or where `by` typed one of the quotations: the
    first call then only records the wish. No late quotation may wait for its approval.
    Raises DomainError with the reason when it is not possible yet.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    follow(rfq.status, Event.EVALUATE)
    now = database_now()
    if not rfq.is_sealed or rfq.is_closed_at(now):
        carry_over(rfq)
    late.insist_none_waits(rfq)
    live = rfq.quotations.filter(round=rfq.round, status__in=LIVE).count()
    if not live:
        raise DomainError(_("There is no quotation to compare yet."))
    if rfq.is_sealed and not rfq.is_closed_at(now):
        raise DomainError(_("A sealed request is opened after its closing time, not before."))
    two = needs_two(rfq) or (rfq.is_sealed and _has_typed(rfq, by))
    if two and rfq.opening_asked_by_id in (None, by.pk):
        store(rfq, opening_asked_by=by)
        journal.record("rfq.ask_opening", rfq, by=by)
        return rfq
    witness = rfq.opening_asked_by if rfq.opening_asked_by_id != by.pk else None
    altered = [str(one.pk) for one in commitment.broken(rfq)]
    Opening.objects.create(
        rfq=rfq, round=rfq.round, opened_by=by, witness=witness, opened_at=now, count=live,
        altered=altered,
    )  # fmt: skip
    today = now.astimezone(rfq.site.zone).date()
    rates = {currency: str(rate) for currency, rate in ExchangeRate.objects.on(today).items()}
    note = {"quotations": live} | ({"altered": altered} if altered else {})
    move(rfq, Event.EVALUATE, by=by, note=note, rates=rates, rates_on=today, opening_asked_by=None)
    refresh_quotations(rfq)
    return rfq


def waits_for_second_person(rfq: RFQ) -> bool:
    """Whether one of two people has asked for the opening."""
    return rfq.status == Status.OPEN and rfq.opening_asked_by_id is not None


@action
def add_rates(*, rfq_id: UUID, by: User) -> RFQ:
    """Freeze the exchange rates too that were missing when the evaluation began.

    Of currencies that are quoted, the latest on or before that day; a rate that is frozen never changes.
    Raises IllegalTransition outside the evaluation, DomainError where none that is missing is known.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if rfq.status != Status.EVALUATION or rfq.rates_on is None:
        raise IllegalTransition(_("Exchange rates are added under evaluation only."))
    quoted = rfq.quotations.filter(round=rfq.round, status__in=LIVE)
    missing = {*quoted.values_list("currency", flat=True), settings.BASE_CURRENCY}
    missing -= {settings.BASE_CURRENCY, *rfq.rates}
    known = ExchangeRate.objects.on(rfq.rates_on)
    found = {currency: str(known[currency]) for currency in sorted(missing & known.keys())}
    if missing and not found:
        raise DomainError(
            _(
                "There is no rate of %(codes)s on or before %(day)s. Ask the back office to enter it."
            )
            % {"codes": ", ".join(sorted(missing)), "day": day(rfq.rates_on)}
        )
    if not found:
        return rfq
    store(rfq, rates=rfq.rates | found)
    journal.record("rfq.add_rates", rfq, by=by, after={"rates": found})
    refresh_quotations(rfq)
    return rfq


def needs_two(rfq: RFQ) -> bool:
    """Whether two people open the request: sealed, and worth the dual-opening limit or of unknown worth.

    What the offers say cannot count before they are open, so the request's own figures do (DOMAIN 2,
    9): of each line the larger of its last and its target price, in base currency without GST. A line
    with neither may cost anything, and makes the request large.
    """
    return rfq.is_sealed and not _is_surely_small(rfq)


def _has_typed(rfq: RFQ, by: User) -> bool:
    """Whether this person knows a sealed quotation because they entered it; they never open alone."""
    return rfq.quotations.filter(round=rfq.round, entered_by=by).exists()


def _is_surely_small(rfq: RFQ) -> bool:
    price = Greatest("last_price", "target_price")  # in PostgreSQL the one that is known
    times = Case(When(kind=CommodityType.SERVICE, then=F("periods")), default=1)
    known = rfq.lines.annotate(price=price).aggregate(
        worth=Sum(F("quantity") * times * F("price")),
        unpriced=Count("pk", filter=Q(price=None) | Q(price=0)),
    )
    worth: Decimal | None = known["worth"]
    return (
        not known["unpriced"] and worth is not None and worth < Decimal(settings.DUAL_OPENING_ABOVE)
    )
