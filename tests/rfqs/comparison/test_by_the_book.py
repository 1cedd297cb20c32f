"""Every figure of a statement against the written formulas, one line at a time and nothing shared.

The product computes figure by figure over all lines, for speed; this computes as the specification
is written (section 4), so that neither can drift from it unseen.
"""

from decimal import ROUND_CEILING, ROUND_HALF_UP, localcontext
from fractions import Fraction

from hypothesis import HealthCheck, given, settings

from rfqs.comparison import Freight, Quantity, Scheme, Tax, build
from rfqs.comparison.unstated import gst_rate, prepare
from tests.rfqs.comparison.test_properties import requests
from tests.rfqs.comparison.worked import D

STEPS = {"INR": D("0.01"), "USD": D("0.01"), "EUR": D("0.01"), "JPY": D(1)}
FIGURES = (
    "basic", "packing", "freight", "insurance", "other", "clearing", "duty", "surcharge", "gst",
    "net_landed", "gross_landed",
)  # fmt: skip


def r(amount, step):
    return amount.quantize(step, ROUND_HALF_UP)


def shares(lump_sum, weights, step):
    """Largest remainder, ties to the earlier line; weights of nothing share alike."""
    if not any(weights):
        weights = [D(1)] * len(weights)
    exact = [Fraction(lump_sum / step) * Fraction(w) / Fraction(sum(weights)) for w in weights]
    floors = [int(part) for part in exact]
    left = int(lump_sum / step) - sum(floors)
    order = sorted(range(len(weights)), key=lambda n: (floors[n] - exact[n], n))
    for n in order[:left]:
        floors[n] += 1
    return [floor * step for floor in floors]


def charged(line, said, committed):
    factor = said.unit_factor
    amount = line.quantity
    if committed and said.moq is not None:
        amount = max(amount, said.moq * factor)
    if committed and said.order_multiple is not None:
        multiple = said.order_multiple * factor
        amount = (amount / multiple).to_integral_value(ROUND_CEILING) * multiple
    return amount


def is_untold(offer, lines, said, highest):
    """Whether nobody states the rate of a tax that falls due."""
    taxed = offer.scheme not in (Scheme.COMPOSITION, Scheme.UNREGISTERED)
    asked = lines[said.line_key].gst_percent
    return taxed and said.gst_percent is None and asked is None and said.line_key not in highest.gst


def duty_of(offer, line, said, highest):
    """The duty percent that an import's answer bears, None where nobody states it."""
    if offer.scheme is not Scheme.IMPORT:
        return D(0)
    if said.duty_percent is not None:
        return said.duty_percent
    return highest.duty.get(line.key) if line.duty_percent is None else line.duty_percent


def landed(inputs, offer):
    """Line key to figures, in base currency, for the lines the offer prices."""
    lines = {line.key: line for line in inputs.lines}
    highest = prepare(inputs).highest
    said = [
        one
        for one in offer.lines
        if one.unit_price is not None
        and one.unit_factor
        and not (inputs.policy.tax is Tax.GROSS and is_untold(offer, lines, one, highest))
        and duty_of(offer, lines[one.line_key], one, highest) is not None
    ]
    rate, quote, base = inputs.rate(offer.currency), STEPS.get(offer.currency), STEPS["INR"]
    if rate is None or not said:
        return {}
    committed = inputs.policy.quantity is Quantity.COMMITTED
    nets = []
    for one in said:
        quantity = charged(lines[one.line_key], one, committed)
        gross = r(quantity * one.unit_price / (one.price_basis * one.unit_factor), quote)
        nets.append(gross - r(gross * one.discount_percent / 100, quote))
    discount = r(sum(nets) * offer.header_discount_percent / 100, quote)
    nets = [net - share for net, share in zip(nets, shares(discount, nets, quote), strict=True)]
    basics = [r(net * rate, base) for net in nets]
    freight = D(0) if isinstance(offer.freight, Freight) else offer.freight
    lump_sums = (offer.pf_amount, freight, offer.insurance, offer.other, offer.clearing)
    columns = zip(
        basics, *(shares(r(sum_ * rate, base), basics, base) for sum_ in lump_sums), strict=True
    )
    found = {}
    for one, (basic, share, freight, insurance, other, clearing) in zip(said, columns, strict=True):
        packing = share + r(basic * offer.pf_percent / 100, base)
        value = basic + packing + freight + insurance
        percent = duty_of(offer, lines[one.line_key], one, highest)
        duty = r(value * percent / 100, base)
        surcharge = r(duty * 10 / 100, base)
        tax, _flag = gst_rate(offer.scheme, lines[one.line_key], one, highest)
        gst = r((value + duty + surcharge) * tax / 100, base)
        net = value + duty + surcharge + other + clearing
        taxes = (gst, net, net + gst)
        if is_untold(offer, lines, one, highest):
            taxes = (None, net, None)
        found[one.line_key] = (
            basic, packing, freight, insurance, other, clearing, duty, surcharge, *taxes,
        )  # fmt: skip
    return found


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(requests())
def test_every_figure_is_the_one_of_the_written_formula(inputs):
    sheet = build(inputs)
    with localcontext(prec=60):
        expected = {offer.key: landed(inputs, offer) for offer in inputs.offers}

    for row in sheet.lines:
        for cell in row.cells:
            figures = tuple(getattr(cell, name) for name in FIGURES)
            nothing = (None,) * len(FIGURES)
            assert figures == expected[cell.offer_key].get(row.line.key, nothing)
    for column in sheet.offers:
        sums = [
            None if None in figures else sum(figures)
            for figures in zip(*expected[column.key].values(), strict=True)
        ]
        assert [getattr(column, name) for name in FIGURES] == (sums or [None] * len(FIGURES))
