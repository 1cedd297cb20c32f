"""The figures a list shows, kept on the request by whoever changes what they count."""

from collections.abc import Iterable
from decimal import Decimal

from rfqs import comparison, reports
from rfqs.models import ACTIVE_INVITATIONS, LIVE, RFQ

BEYOND_TOTALS = Decimal(10) ** 16  # base currency: the column has 18 digits, two of them decimals
MOST_PERCENT = Decimal("9999999.99")  # the column's; a last price of nearly nothing reaches it


def search_text(
    rfq: RFQ, lines: Iterable[Iterable[str]] | None = None, *, suppliers: bool = False
) -> str:
    """The text that the list searches: number, title, lines, suppliers, in capitals.

    `lines` are the words of the lines where the caller has them; `suppliers` says whether any can
    have been chosen. Each costs one statement otherwise.
    """
    if lines is None:
        lines = rfq.lines.order_by("position").values_list(
            "item_code", "description", "from_location", "to_location"
        )
    asked = rfq.invitations.values_list("supplier__code", "supplier__name") if suppliers else ()
    words = [rfq.number, rfq.reference, rfq.title, *(" ".join(row) for row in (*lines, *asked))]
    return " ".join(" ".join(words).split()).upper()[:20000]


def refresh_invited(rfq: RFQ) -> None:
    """Count the suppliers that were asked to this round and did not drop out; the search knows all names."""
    asked = rfq.invitations.filter(round=rfq.round, status__in=(*ACTIVE_INVITATIONS, "declined"))
    rfq.invited_count = asked.count()
    rfq.search_text = search_text(rfq, suppliers=True)
    rfq.save(update_fields=["invited_count", "search_text"])


def refresh_quotations(rfq: RFQ) -> None:
    """Count the live quotations of this round; the best total stays empty while prices are sealed."""
    rfq.quotation_count = rfq.quotations.filter(round=rfq.round, status__in=LIVE).count()
    rfq.best_total = rfq.versus_last = None
    if not rfq.prices_are_sealed and rfq.quotation_count:
        sheet = comparison.build(reports.comparison_inputs(rfq))
        best = [c for c in sheet.offers if c.rank == 1 and c.evaluated is not None]
        if best:
            rfq.best_total = _storable(min(c.evaluated for c in best if c.evaluated is not None))
            rfq.versus_last = _versus_last(sheet.savings.by_offer.get(best[0].key))
    rfq.save(update_fields=["quotation_count", "best_total", "versus_last"])


def _storable(total: Decimal) -> Decimal | None:
    """The total, or none where the column cannot hold it: a slip must not keep a request shut."""
    return total if total < BEYOND_TOTALS else None


def _versus_last(saving: comparison.Saving | None) -> Decimal | None:
    """What the best offer costs more than the last prices, in percent; less is negative."""
    if saving is None or saving.percent is None:
        return None
    return max(min(-saving.percent, MOST_PERCENT), -MOST_PERCENT).quantize(MOST_PERCENT)
