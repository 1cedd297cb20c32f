"""The rows of the sheet: each offer's figures on a line beside the lowest's."""

from collections.abc import Mapping

from rfqs.comparison import ranking
from rfqs.comparison.inputs import Offer
from rfqs.comparison.sheet import LineRow
from rfqs.comparison.standing import Prepared
from rfqs.comparison.table import Across, Table


def rows(prepared: Prepared, table: Table, ranks: Mapping[str, int]) -> tuple[LineRow, ...]:
    """A row per line; `ranks` are the overall ranks, which settle the suggestion in a tie."""
    offers = {offer.key: offer for offer in prepared.inputs.offers}
    return tuple(
        LineRow(line, Across(table, n), places.lowest, _suggested(places.lowest, ranks, offers))
        for n, (line, places) in enumerate(zip(prepared.lines, table.places, strict=True))
    )


def _suggested(
    lowest: tuple[str, ...], ranks: Mapping[str, int], offers: Mapping[str, Offer]
) -> str | None:
    if len(lowest) > 1:
        return ranking.preferred(lowest, ranks, offers)
    return lowest[0] if lowest else None
