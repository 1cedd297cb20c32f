"""Head and foot of every offer's column, and the ranking for the whole request."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rfqs.comparison import ranking
from rfqs.comparison.computing import (
    Computed,
    Loading,
    cost_of,
    loading_of,
    stated_freights,
)
from rfqs.comparison.flags import Flag, Status
from rfqs.comparison.inputs import ZERO, Incomplete, Scheme, Tax
from rfqs.comparison.money import percent_of
from rfqs.comparison.sheet import OfferColumn
from rfqs.comparison.standing import Prepared

CREDITED = (Scheme.REGULAR, Scheme.IMPORT, Scheme.REVERSE_CHARGE)


def columns(
    prepared: Prepared, computed: Sequence[Computed]
) -> tuple[tuple[OfferColumn, ...], dict[str, int]]:
    """A column per offer in the order of the inputs, and the ranks of the ranked ones."""
    stated = stated_freights(prepared, computed)
    loadings = {
        one.standing.offer.key: loading_of(prepared, one, stated)
        for one in computed
        if one.figures is not None
    }
    evaluated = {
        one.standing.offer.key: _cost(prepared, one) + loading
        for one in computed
        if one.standing.ranked and (loading := loadings[one.standing.offer.key].total) is not None
    }
    ranks = ranking.competition(evaluated)
    least = min(evaluated.values(), default=None)
    tied = len(ranking.lowest(ranks)) > 1
    highest = _highest_costs(prepared, computed)
    built = []
    for one in computed:
        key = one.standing.offer.key
        rank = ranks.get(key)
        tie = (Flag.TIE,) if tied and rank == 1 else ()
        figures = _figures(prepared, one, loadings[key]) if key in loadings else {}
        if key in evaluated and least is not None:
            figures["difference"] = evaluated[key] - least
            figures["difference_percent"] = percent_of(evaluated[key] - least, least)
        if figures:
            figures["loaded_total"] = _loaded_total(prepared, one, highest)
        built.append(_column(one, figures, rank, _flags(one, loadings.get(key), tie)))
    return tuple(built), ranks


def _column(
    one: Computed,
    figures: Mapping[str, Decimal | None],
    rank: int | None,
    flags: tuple[Flag, ...],
) -> OfferColumn:
    standing, offer = one.standing, one.standing.offer
    gross = sum(one.lot.priced.grosses, ZERO)
    net = gross if one.nets is one.lot.priced.grosses else sum(one.nets, ZERO)
    return OfferColumn(
        key=offer.key,
        supplier_code=offer.supplier_code,
        supplier_name=offer.supplier_name,
        currency=offer.currency,
        rate=standing.rate,
        status=standing.status,
        quoted_lines=standing.quoted_lines,
        line_count=len(standing.priced),
        gross_quoted=gross,
        discount_quoted=gross - net,
        net_quoted=net,
        rank=rank,
        is_lowest=rank == 1,
        flags=flags,
        **figures,
    )


def _figures(prepared: Prepared, one: Computed, loading: Loading) -> dict[str, Decimal | None]:
    """The foot of a column: every field in base currency."""
    totals: dict[str, Decimal | None] = one.sums._asdict()
    policy, cost = prepared.inputs.policy, _cost(prepared, one)
    credited = policy.tax == Tax.NET_OF_CREDIT and one.standing.offer.scheme in CREDITED
    if Flag.GST_NOT_STATED in one.lot.flags:
        totals |= {"gst": None, "gross_landed": None}
    return {
        **totals,
        "credit": totals["gst"] if credited else prepared.inputs.step(policy.base_currency) * 0,
        "cost": cost,
        "loading_days": loading.days,
        "payment_loading": loading.payment,
        "freight_loading": loading.freight,
        "loading": loading.total,
        "evaluated": None if loading.total is None else cost + loading.total,
    }


def _flags(one: Computed, loading: Loading | None, tie: tuple[Flag, ...]) -> tuple[Flag, ...]:
    return (*one.standing.flags, *(loading.flags if loading is not None else ()), *tie)


def _cost(prepared: Prepared, one: Computed) -> Decimal:
    return cost_of(one.sums, prepared.inputs.policy.tax)


def _highest_costs(prepared: Prepared, computed: Sequence[Computed]) -> dict[str, Decimal]:
    """Per line the highest cost among the ranked offers; empty where the policy wants none."""
    if prepared.inputs.policy.incomplete == Incomplete.EXCLUDE:
        return {}
    ranked = [one for one in computed if one.standing.ranked]
    costs = [one.costs(prepared.inputs.policy.tax) for one in ranked]  # every one of all lines
    return {
        line.key: max(across)
        for line, across in zip(prepared.lines, zip(*costs, strict=True), strict=bool(ranked))
    }


def _loaded_total(
    prepared: Prepared, one: Computed, highest: Mapping[str, Decimal]
) -> Decimal | None:
    """An incomplete offer's cost with the lines it lacks, or is short on, at the highest."""
    if one.standing.status is not Status.INCOMPLETE or not highest:
        return None
    own = dict(zip(one.places, one.costs(prepared.inputs.policy.tax), strict=True))
    return sum(
        (
            own[line.key] if one.standing.competes(line.key) else highest[line.key]
            for line in prepared.lines
        ),
        ZERO,
    )
