"""The figures a list shows, kept on the request by whoever changes what they count."""

from rfqs import comparison, reports
from rfqs.models import ACTIVE_INVITATIONS, LIVE, RFQ


def refresh_search(rfq: RFQ) -> None:
    """Rebuild the text that the list searches: number, title, lines, suppliers."""
    lines = rfq.lines.order_by("position").values_list(
        "item_code", "description", "from_location", "to_location"
    )
    suppliers = rfq.invitations.values_list("supplier__code", "supplier__name")
    words = [rfq.number, rfq.reference, rfq.title, *(" ".join(row) for row in (*lines, *suppliers))]
    rfq.search_text = " ".join(" ".join(words).split()).upper()[:20000]
    rfq.save(update_fields=["search_text"])


def refresh_invited(rfq: RFQ) -> None:
    """Count the suppliers that were asked and did not drop out."""
    rfq.invited_count = rfq.invitations.filter(status__in=(*ACTIVE_INVITATIONS, "declined")).count()
    rfq.save(update_fields=["invited_count"])
    refresh_search(rfq)


def refresh_quotations(rfq: RFQ) -> None:
    """Count the live quotations of this round; the best total stays empty while prices are sealed."""
    rfq.quotation_count = rfq.quotations.filter(round=rfq.round, status__in=LIVE).count()
    rfq.best_total = None
    if not rfq.prices_are_sealed and rfq.quotation_count:
        sheet = comparison.build(reports.comparison_inputs(rfq))
        rfq.best_total = min(
            (c.evaluated for c in sheet.offers if c.rank == 1 and c.evaluated is not None),
            default=None,
        )
    rfq.save(update_fields=["quotation_count", "best_total"])
