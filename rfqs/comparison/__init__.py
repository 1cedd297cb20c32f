"""The comparative statement: pure arithmetic from `Inputs` to a `ComparisonSheet`.

No database, no clock, no framework: the same inputs give the same sheet, byte for byte, on any
machine and in any year. `build` makes the sheet, `award_total` and `award_saving` cost an award,
`as_json` writes the sheet for others to read, `as_stored` keeps its inputs.
"""

from rfqs.comparison.answers import Answers
from rfqs.comparison.cell import Cell
from rfqs.comparison.cells import rows
from rfqs.comparison.columns import columns
from rfqs.comparison.computing import compute
from rfqs.comparison.flags import Flag, Status, Step
from rfqs.comparison.inputs import (
    Freight,
    Incomplete,
    Inputs,
    Kind,
    Line,
    LumpSums,
    Offer,
    OfferLine,
    Period,
    Policy,
    Quantity,
    RateBasis,
    Scheme,
    Tax,
    Tranche,
    Unstated,
)
from rfqs.comparison.money import exact
from rfqs.comparison.optimum import Conditions, Optimum, cheapest, optimum_of, with_cheapest
from rfqs.comparison.ranking import lowest
from rfqs.comparison.savings import award_saving, savings_of
from rfqs.comparison.seen import Seen
from rfqs.comparison.sheet import (
    Cheapest,
    ComparisonSheet,
    LineRow,
    OfferColumn,
    Saving,
    Savings,
    Split,
)
from rfqs.comparison.splitting import (
    AwardLine,
    AwardTotal,
    Pick,
    Refusal,
    award_total,
    split_of,
)
from rfqs.comparison.storing import as_stored, from_stored, plain
from rfqs.comparison.table import Table
from rfqs.comparison.to_json import as_json
from rfqs.comparison.unstated import prepare

__all__ = [
    "Answers",
    "AwardLine",
    "AwardTotal",
    "Cell",
    "Cheapest",
    "ComparisonSheet",
    "Conditions",
    "Flag",
    "Freight",
    "Incomplete",
    "Inputs",
    "Kind",
    "Line",
    "LineRow",
    "LumpSums",
    "Offer",
    "OfferColumn",
    "OfferLine",
    "Optimum",
    "Period",
    "Pick",
    "Policy",
    "Quantity",
    "RateBasis",
    "Refusal",
    "Saving",
    "Savings",
    "Scheme",
    "Seen",
    "Split",
    "Status",
    "Step",
    "Tax",
    "Tranche",
    "Unstated",
    "as_json",
    "as_stored",
    "award_saving",
    "award_total",
    "build",
    "cheapest",
    "from_stored",
    "optimum_of",
    "plain",
    "with_cheapest",
]


def build(inputs: Inputs) -> ComparisonSheet:
    """Compute the whole statement; amounts in the policy's base currency."""
    with exact():
        prepared = prepare(inputs)
        computed = [compute(prepared, standing) for standing in prepared.standings]
        offers, ranks = columns(prepared, computed)
        table = Table(prepared, computed)
        lines = rows(prepared, table, ranks)
        first = lowest(ranks)
        return ComparisonSheet(
            rfq=inputs.rfq,
            policy=inputs.policy,
            rates=inputs.rates,
            rates_on=inputs.rates_on,
            minor_units=inputs.minor_units,
            lines=lines,
            offers=offers,
            lowest=first,
            proposed=first[0] if len(first) == 1 else None,
            split=split_of(prepared, lines, table),
            savings=savings_of(prepared, computed, offers),
            table=table,
        )
