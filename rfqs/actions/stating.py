"""What quotations do not state and a buyer may: the GST and the customs duty of lines (docs/adr/0035)."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.errors import Incomplete
from rfqs import policy
from rfqs.actions.awarding import recost_draft
from rfqs.actions.figures import refresh_quotations
from rfqs.actions.moving import store
from rfqs.models import RFQ
from rfqs.states import IllegalTransition, Status

TAXES = ("gst", "duty")
HUNDRED = Decimal(100)


@action
def state_taxes(
    *, rfq_id: UUID, by: User, percents: Mapping[UUID, Mapping[str, Decimal]], source: str
) -> RFQ:
    """Add the `gst` and `duty` percent of lines; they count for answers that state none themselves.

    A duty is the basic customs duty, for imports alone. A percentage may be corrected while the
    evaluation goes on, never taken away; a draft award is costed again. `source` names the tariff or
    notification. Raises IllegalTransition outside the evaluation, Incomplete with what is wrong.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if rfq.status != Status.EVALUATION:
        raise IllegalTransition(_("GST and customs duty are added under evaluation only."))
    added = {**rfq.added_taxes}
    after = _said(rfq, percents)
    for line, said in after.items():
        added[line] = {**added.get(line, {}), **said}
    if added == rfq.added_taxes:
        return rfq
    if not source.strip():
        raise Incomplete(
            _("Say where the percentages are from: the tariff item, the notification.")
        )
    before = {line: rfq.added_taxes[line] for line in after if line in rfq.added_taxes}
    store(rfq, added_taxes=added)
    recost_draft(rfq)
    journal.record(
        "rfq.state_taxes",
        rfq,
        by=by,
        before={"taxes": before},
        after={"taxes": after, "source": source.strip()[:300]},
    )
    refresh_quotations(rfq)
    return rfq


def _said(rfq: RFQ, percents: Mapping[UUID, Mapping[str, Decimal]]) -> dict[str, dict[str, str]]:
    """What is added, as it is stored. Raises Incomplete."""
    lines = {line.pk: line for line in rfq.lines.all()}
    said: dict[str, dict[str, str]] = {}
    for pk, taxes in percents.items():
        line = lines.get(pk)
        if line is None or not set(taxes) <= set(TAXES):
            raise Incomplete(_("There is no such line in this request."))
        if "gst" in taxes and line.gst_percent is not None:
            raise Incomplete(
                _("The request states the GST of line %(n)d; it stays.") % {"n": line.position}
            )
        if not all(0 <= percent <= HUNDRED for percent in taxes.values()):
            raise Incomplete(
                _("Line %(n)d: enter a percentage from 0 to 100.") % {"n": line.position}
            )
        if taxes:
            said[str(pk)] = {name: f"{percent:.2f}" for name, percent in taxes.items()}
    return said
