"""What an award can cost at least, offer by offer and line by line: linear, so that a solver can add.

An award is costed exactly by `splitting.award`; there a figure is rounded where the statement says,
and shares of a discount or of a lump sum depend on which lines are awarded together. Here every
offer gets coefficients whose sum is never above that exact cost, and equal to it wherever nothing is
shared (no discount on everything, no tax or duty on a share).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rfqs.comparison.computing import Computed, land_lines, taken_line
from rfqs.comparison.inputs import ONE, ZERO, Freight, Offer, Scheme, Tax
from rfqs.comparison.landed import Taken
from rfqs.comparison.money import CENT, rounded
from rfqs.comparison.priced import Priced
from rfqs.comparison.splitting import Pick, award
from rfqs.comparison.standing import Prepared, Standing
from rfqs.comparison.unstated import duty_percents

HALF = Decimal("0.5")
SHARED_LUMP_SUMS = 3  # freight, packing and insurance are shared, and the shares are taxed
CHAIN = 4  # steps that the roundings of duty, its surcharge and tax can add up to on one line
TAXED = 1  # the same where there is tax alone: half a step with the share, half a step without it


@dataclass(frozen=True, slots=True)
class Shared:
    """A lump sum whose shares are taxed at different rates: by line, its factor and its weight."""

    amount: Decimal
    factors: Mapping[str, Decimal]
    weights: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Bounds:
    """One offer's least costs in base currency: per line, and once where any line is awarded.

    `rebate` comes off where every line in `lines` is awarded to the offer (a discount for the full
    order), and is 0 without one. `shared` adds what it costs beyond its least factor.
    """

    key: str
    lines: Mapping[str, Decimal]
    opening: Decimal
    rebate: Decimal = ZERO
    shared: Shared | None = None
    is_exact: bool = True


@dataclass(slots=True)
class _Errors:
    """How far a coefficient may lie above the exact cost: per line, and per offer."""

    line: Decimal = ZERO
    offer: Decimal = ZERO
    by_line: dict[str, Decimal] = field(default_factory=dict)


def bounds_of(prepared: Prepared, standing: Standing, eligible: Collection[str]) -> Bounds | None:
    """The offer's bounds over the lines that may go to it; None where there is none."""
    taken = [
        taken_line(prepared, standing, line, priced)
        for line in prepared.lines
        if line.key in eligible and isinstance(priced := standing.priced[line.key], Priced)
    ]
    if not taken or standing.rate is None:
        return None
    offer, step = standing.offer, prepared.inputs.step(prepared.inputs.policy.base_currency)
    discounted = bool(offer.header_discount_percent) and not offer.discount_on_full_order_only
    factors = {item.line.key: _factor(prepared, offer, item) for item in taken}
    plain, carried = _lump_sums(offer, standing.rate, step)
    least, most = min(factors.values()), max(factors.values())
    alone = _without_lump_sums(prepared, standing, taken)
    costs = _costs(prepared, standing, alone, factors) if discounted else _exact(prepared, alone)
    is_taxed = most != ONE and (discounted or carried != 0)
    errors = _errors(prepared, standing, alone, factors, discounted=discounted, taxed=is_taxed)
    full = _is_full_order_possible(standing, factors)
    shared = None
    if least != most and carried and not full:
        shared = Shared(carried, factors, _weights(alone))
    bounds = Bounds(
        key=offer.key,
        lines={
            key: cost - errors.line - errors.by_line.get(key, ZERO) for key, cost in costs.items()
        },
        opening=plain + least * carried - errors.offer,
        shared=shared,
        is_exact=not discounted and not is_taxed,
    )
    return replace(bounds, rebate=_rebate(prepared, bounds)) if full else bounds


def _factor(prepared: Prepared, offer: Offer, item: Taken) -> Decimal:
    """What one unit of goods, packing, freight or insurance costs with the duty and tax upon it."""
    factor = ONE
    for percent in duty_percents(prepared, offer, (item.line,), (item.offered,)):
        surcharge = ONE + prepared.inputs.policy.duty_surcharge_percent * CENT
        factor += percent * CENT * surcharge
    if prepared.inputs.policy.tax == Tax.GROSS:
        factor *= ONE + item.gst_percent * CENT
    return factor


def _lump_sums(offer: Offer, rate: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """Lump sums in base currency: those outside the taxed value, and those inside it."""
    freight = ZERO if isinstance(offer.freight, Freight) else offer.freight
    plain = sum((rounded(amount * rate, step) for amount in (offer.other, offer.clearing)), ZERO)
    inside = (freight, offer.pf_amount, offer.insurance)
    return plain, sum((rounded(amount * rate, step) for amount in inside), ZERO)


def _without_lump_sums(prepared: Prepared, standing: Standing, taken: list[Taken]) -> Computed:
    """The lines landed with nothing to share: every figure is then the line's own."""
    bare = replace(
        standing.offer,
        freight=ZERO,
        pf_amount=ZERO,
        insurance=ZERO,
        other=ZERO,
        clearing=ZERO,
    )
    return land_lines(prepared, replace(standing, offer=bare), taken, header_discount=False)


def _exact(prepared: Prepared, alone: Computed) -> dict[str, Decimal]:
    tax = prepared.inputs.policy.tax
    return dict(zip(alone.places, alone.costs(tax), strict=True))


def _costs(
    prepared: Prepared, standing: Standing, alone: Computed, factors: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Costs with the discount on everything as a plain percentage, nothing rounded."""
    offer, rate = standing.offer, standing.rate or ZERO
    left = ONE - offer.header_discount_percent * CENT
    packed = ONE + offer.pf_percent * CENT
    return {
        key: net * left * rate * packed * factors[key]
        for key, net in zip(alone.places, alone.nets, strict=True)
    }


def _errors(
    prepared: Prepared,
    standing: Standing,
    alone: Computed,
    factors: Mapping[str, Decimal],
    *,
    discounted: bool,
    taxed: bool,
) -> _Errors:
    """What rounding and sharing can take off; nothing where nothing is shared."""
    errors = _Errors()
    offer, rate = standing.offer, standing.rate or ZERO
    base = prepared.inputs.step(prepared.inputs.policy.base_currency)
    quoted = prepared.inputs.step(offer.currency) * rate
    most, least = max(factors.values()), min(factors.values())
    packed = ONE + offer.pf_percent * CENT
    if taxed:
        errors.line += (CHAIN if offer.scheme == Scheme.IMPORT else TAXED) * base
    if discounted:
        errors.offer += HALF * quoted * packed * most
        if rate != ONE or quoted != base:
            errors.line += HALF * base * packed * most
        if offer.pf_percent:
            errors.line += HALF * base * most
    if taxed and most != least:
        off = (HALF * 3 * quoted + HALF * base) * packed if discounted else ZERO
        for key, factor in factors.items():
            errors.by_line[key] = (off + SHARED_LUMP_SUMS * base) * (factor - least)
        carried = _lump_sums(offer, rate, base)[1]
        errors.offer += _error_of_weights(carried, alone, off) * (most - least)
    return errors


def _error_of_weights(carried: Decimal, alone: Computed, off: Decimal) -> Decimal:
    """How much of a lump sum goes elsewhere where each of the weights behind it may be `off`."""
    weights = [weight for weight in _weights(alone).values() if weight]
    return 4 * carried * min(ONE, off / min(weights)) if off and weights else ZERO


def _weights(alone: Computed) -> dict[str, Decimal]:
    return dict(zip(alone.places, alone.figures.basic if alone.figures else (), strict=True))


def _is_full_order_possible(standing: Standing, eligible: Collection[str]) -> bool:
    """Whether the offer has a discount for the full order, and all it prices may go to it."""
    offer = standing.offer
    if not (offer.header_discount_percent and offer.discount_on_full_order_only):
        return False
    return all(
        key in eligible and not priced.quantities.short
        for key, priced in standing.priced.items()
        if isinstance(priced, Priced)
    )


def _rebate(prepared: Prepared, bounds: Bounds) -> Decimal:
    """By how much the exact cost of the full order lies below the sum of its coefficients."""
    needs = {line.key: line.need for line in prepared.lines}
    picks = [Pick(key, bounds.key, needs[key]) for key in bounds.lines]
    full = award(prepared, picks).total
    return max(ZERO, sum(bounds.lines.values(), bounds.opening) - full)
