"""What an offer or an award saves: basic against last basic prices, at the needed quantity."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from rfqs.comparison.computing import Computed
from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ZERO, Inputs, Kind, Line, Quantity
from rfqs.comparison.landed import net_amounts
from rfqs.comparison.money import exact, percent_of, rounded
from rfqs.comparison.priced import Priced, PricedLines, Quantities, wanted
from rfqs.comparison.sheet import OfferColumn, Saving, Savings
from rfqs.comparison.splitting import Pick, award
from rfqs.comparison.standing import Prepared, price, terms_of
from rfqs.comparison.unstated import prepare


def award_saving(inputs: Inputs, picks: Sequence[Pick]) -> Saving | None:
    """What an award saves against last prices; None where no awarded line has one.

    Raises `splitting.Refusal` as `splitting.award_total` does.
    """
    with exact():
        needed = prepare(_at_need(inputs))
        step = inputs.step(inputs.policy.base_currency)
        lines = {line.key: line for line in inputs.lines}
        reference, paid = ZERO, ZERO
        for awarded in award(needed, picks).lines:
            line = lines[awarded.pick.line_key]
            last = reference_amount(line, line.last_price, awarded.pick.quantity, step)
            if last is not None:
                reference += last
                paid += awarded.basic
        known = any(lines[pick.line_key].last_price is not None for pick in picks)
        return saving(reference, paid) if known else None


def savings_of(
    prepared: Prepared, computed: Sequence[Computed], columns: Sequence[OfferColumn]
) -> Savings:
    """The savings of the complete offers, and of the lowest against what else is known."""
    step = prepared.inputs.step(prepared.inputs.policy.base_currency)
    lasts = _amounts(prepared, lambda line: line.last_price, step)
    estimates = _amounts(prepared, lambda line: line.target_price, step)
    evaluated = sorted(
        column.evaluated
        for column in columns
        if column.rank is not None and column.evaluated is not None
    )
    lowest = evaluated[0] if evaluated else None
    several = len(evaluated) > 1
    mean = rounded(sum(evaluated, ZERO) / len(evaluated), step) if several else None
    return Savings(
        baseline=sum(lasts.values(), ZERO) if lasts else None,
        lines_with_baseline=len(lasts),
        by_offer=_by_offer(prepared, computed, lasts),
        against_second=saving(evaluated[1] if several else None, lowest),
        against_mean=saving(mean, lowest),
        estimate=sum(estimates.values(), ZERO) if estimates else None,
        lines_with_estimate=len(estimates),
        by_offer_on_estimate=_by_offer(prepared, computed, estimates),
    )


def saving(reference: Decimal | None, paid: Decimal | None) -> Saving | None:
    """`reference` less `paid`, with its percent of the reference; None where either is missing."""
    if reference is None or paid is None:
        return None
    return Saving(reference, reference - paid, percent_of(reference - paid, reference))


def reference_amount(
    line: Line, price: Decimal | None, quantity: Decimal, step: Decimal
) -> Decimal | None:
    """`quantity` at a known price, base currency; a service's price falls due every period."""
    if price is None:
        return None
    times = line.periods if line.kind == Kind.SERVICE else 1
    return rounded(quantity * times * price, step)


def _amounts(
    prepared: Prepared, price: Callable[[Line], Decimal | None], step: Decimal
) -> dict[str, Decimal]:
    """What the need of each line comes to at its known price, for the lines that have one."""
    return {
        line.key: amount
        for line in prepared.lines
        if (amount := reference_amount(line, price(line), line.need, step)) is not None
    }


def _by_offer(
    prepared: Prepared, computed: Sequence[Computed], references: Mapping[str, Decimal]
) -> dict[str, Saving | None]:
    """Basic of each complete offer against the references, over the lines that have one."""
    if not references:
        return {one.standing.offer.key: None for one in computed}
    reference = sum(references.values(), ZERO)
    return {
        one.standing.offer.key: saving(reference, _basic_at_need(prepared, one, references))
        if one.standing.ranked
        else None
        for one in computed
    }


def _basic_at_need(prepared: Prepared, one: Computed, known: Mapping[str, Decimal]) -> Decimal:
    """The basic of the lines with a known price, without what a least order adds."""
    if not any(_has_excess(priced.quantities) for priced in one.lot.priced.others.values()):
        if len(known) == len(one.lot.lines):
            return one.sums.basic
        figures = zip(one.places, one.figures.basic if one.figures else (), strict=True)
        return sum((basic for key, basic in figures if key in known), ZERO)
    rate = one.standing.rate or ZERO
    step = prepared.inputs.step(prepared.inputs.policy.base_currency)
    basics = (
        rounded(net * rate, step)
        for key, net in zip(one.places, _nets_at_need(prepared, one), strict=True)
        if key in known
    )
    return sum(basics, ZERO)


def _has_excess(quantities: Quantities) -> bool:
    """Whether more is charged than is needed."""
    charged, required = quantities.charged, quantities.required
    return charged is not required and charged != required


def _nets_at_need(prepared: Prepared, one: Computed) -> Sequence[Decimal]:
    """The offer's nets in its currency with nobody charged beyond the need."""
    standing = one.standing
    terms = terms_of(prepared.inputs, standing.offer)._replace(quantity=Quantity.REQUIRED)
    at_need = []
    for line, priced in zip(one.lot.lines, one.lot.priced, strict=True):
        found: Priced | Flag = priced
        if _has_excess(priced.quantities):
            found = price(line, standing.answers[line.key], wanted(line.need), terms)
        if isinstance(found, Priced):  # it was priced before, and quantity is no obstacle
            at_need.append(found)
    lot = one.lot._replace(priced=PricedLines.of(at_need))
    return net_amounts(standing.offer, lot, terms.step)


def _at_need(inputs: Inputs) -> Inputs:
    """The same request with nobody charged beyond the need."""
    return replace(inputs, policy=replace(inputs.policy, quantity=Quantity.REQUIRED))
