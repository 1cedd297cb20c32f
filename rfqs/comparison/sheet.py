"""The comparative statement as data: what page, spreadsheet, PDF, API and tests all read.

Amounts are in base currency unless a field says "quoted"; None means there is no such figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rfqs.comparison.cell import Cell
from rfqs.comparison.flags import Flag, Status
from rfqs.comparison.inputs import Line, Policy
from rfqs.comparison.table import Table


@dataclass(frozen=True, slots=True)
class OfferColumn:
    """The head and foot of one offer's column.

    `quoted_lines` counts the lines it answers in full: "incomplete 2/3". `cost` is the landed
    cost on the compared tax basis, `evaluated` the same with loading. `credit` is the GST that
    comes back; `gst` and what is made of it are None where nobody states the rate of a line.
    `loaded_total` is information only: the cost with missing lines at the highest cost of the
    ranked offers.
    """

    key: str
    supplier_code: str
    supplier_name: str
    currency: str
    rate: Decimal | None
    status: Status
    quoted_lines: int
    line_count: int
    gross_quoted: Decimal
    discount_quoted: Decimal
    net_quoted: Decimal
    flags: tuple[Flag, ...] = ()
    basic: Decimal | None = None
    packing: Decimal | None = None
    freight: Decimal | None = None
    insurance: Decimal | None = None
    other: Decimal | None = None
    clearing: Decimal | None = None
    duty: Decimal | None = None
    surcharge: Decimal | None = None
    gst: Decimal | None = None
    credit: Decimal | None = None
    net_landed: Decimal | None = None
    gross_landed: Decimal | None = None
    cost: Decimal | None = None
    loading_days: Decimal | None = None
    payment_loading: Decimal | None = None
    freight_loading: Decimal | None = None
    loading: Decimal | None = None
    evaluated: Decimal | None = None
    rank: int | None = None
    is_lowest: bool = False
    difference: Decimal | None = None
    difference_percent: Decimal | None = None
    loaded_total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line with a cell per offer, in the order of the sheet's offers; a cell is made when asked for.

    `lowest` are the offers tied for the lowest cost; `suggested` is the default of the award,
    the one of them with the better overall rank, then the earlier one, then by supplier code.
    """

    line: Line
    cells: Sequence[Cell]
    lowest: tuple[str, ...]
    suggested: str | None


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The cheapest award a solver found: line key to offer key; `proven` optimal, or not.

    `gap` is what another award could cost less at most; None where nothing is known of that.
    """

    assignment: Mapping[str, str]
    total: Decimal
    proven: bool
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Split:
    """The best offer for each line.

    `apportioned_total` is a lower bound and not what will be paid; `full_total` charges each
    awarded supplier's lump sums in full; `total` is the one the policy names. Lines nobody can
    supply are in `unquoted`, and then the totals cover the others alone.
    """

    winners: Mapping[str, tuple[str, ...]]
    suggested: Mapping[str, str]
    unquoted: tuple[str, ...]
    apportioned_total: Decimal | None
    full_total: Decimal | None
    total: Decimal | None
    cheapest: Cheapest | None = None


@dataclass(frozen=True, slots=True)
class Saving:
    """An amount less than a reference (negative: more), and its percent of the reference."""

    reference: Decimal
    amount: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Savings:
    """Savings of complete offers; None where there is nothing like to compare with.

    `by_offer` is basic against last prices at the needed quantity, `by_offer_on_estimate` the same
    against the buyer's estimates. The others compare the evaluated cost of the lowest offer: with
    the second, and with the mean of the ranked.
    """

    baseline: Decimal | None
    lines_with_baseline: int
    by_offer: Mapping[str, Saving | None]
    against_second: Saving | None
    against_mean: Saving | None
    estimate: Decimal | None
    lines_with_estimate: int
    by_offer_on_estimate: Mapping[str, Saving | None]


@dataclass(frozen=True, slots=True)
class ComparisonSheet:
    """The whole statement. `lowest` are the offers tied for rank 1; a tie proposes nobody.

    `table` holds what the cells of the lines are made of.
    """

    rfq: str
    policy: Policy
    rates: Mapping[str, Decimal]
    rates_on: str | None
    minor_units: Mapping[str, int]
    lines: tuple[LineRow, ...]
    offers: tuple[OfferColumn, ...]
    lowest: tuple[str, ...]
    proposed: str | None
    split: Split
    savings: Savings
    table: Table = field(compare=False, repr=False)

    @property
    def base_currency(self) -> str:
        """The currency every amount not called "quoted" is in."""
        return self.policy.base_currency
