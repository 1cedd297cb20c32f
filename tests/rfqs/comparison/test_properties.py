"""What holds for any data: the properties of the specification, on generated requests."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rfqs.comparison import (
    Freight,
    Incomplete,
    Inputs,
    Line,
    LumpSums,
    Offer,
    OfferLine,
    Pick,
    Policy,
    Quantity,
    Scheme,
    Status,
    Tax,
    Tranche,
    as_json,
    as_stored,
    award_total,
    build,
    from_stored,
    plain,
)
from rfqs.comparison.splitting import as_ordered
from tests.rfqs.comparison.worked import D

RATES = {"USD": D("83.1250"), "EUR": D("92.4567"), "JPY": D("0.551234")}
MINOR_UNITS = {"INR": 2, "USD": 2, "EUR": 2, "JPY": 0}
LUMP_SUMS = ("freight", "insurance", "other", "clearing", "pf_amount")

few = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def amounts(high: int, places: int = 2) -> st.SearchStrategy[D]:
    return st.integers(0, high * 10**places).map(lambda units: D(units).scaleb(-places))


def some(values: st.SearchStrategy[D]) -> st.SearchStrategy[D | None]:
    return st.none() | values


percents = st.sampled_from([D(0), D("2.5"), D(5), D("12.75")])
# the long one would not come back from a float
prices = st.sampled_from([D(0), D("10.00"), D("99.99"), D("33.33333333333333333333")]) | amounts(
    1000
)


@st.composite
def line_sets(draw, *, taxed=False):
    """Lines of a request; where it is not `taxed`, it may leave GST and duty to its suppliers."""
    rates = st.sampled_from([D(5), D(18)])
    count = draw(st.integers(1, 4))
    return tuple(
        Line(
            f"l{no}",
            no,
            quantity=draw(st.integers(1, 3000).map(D)),
            gst_percent=draw(rates if taxed else some(rates)),
            last_price=draw(some(amounts(500))),
            duty_percent=draw(percents if taxed else some(percents)),
        )
        for no in range(1, count + 1)
    )


@st.composite
def answers(draw, line, *, always):
    priced = always or draw(st.integers(0, 9)) > 0
    return OfferLine(
        line.key,
        draw(prices) if priced else None,
        price_basis=draw(st.sampled_from([D(1), D(100)])),
        discount_percent=draw(percents),
        moq=draw(some(st.integers(1, 4000).map(D))),
        order_multiple=draw(some(st.sampled_from([D(10), D(144)]))),
        gst_percent=draw(some(st.sampled_from([D(5), D(18), D(28)]))),
        duty_percent=draw(some(percents)),
        unit_factor=draw(st.sampled_from([D(1), D(1), D(12)])) if priced else None,
    )


@st.composite
def offers_for(draw, lines, key, *, complete=False, currencies=("INR", "INR", "USD", "JPY", "CHF")):
    silent = [] if complete else [Freight.NOT_STATED]  # it may have no rank
    freight = st.sampled_from([*silent, Freight.INCLUDED]) | amounts(20000)
    return Offer(
        key,
        f"V-{key}",
        currency=draw(st.sampled_from(currencies)),
        header_discount_percent=draw(percents),
        discount_on_full_order_only=draw(st.booleans()),
        pf_percent=draw(percents),
        pf_amount=draw(amounts(500)),
        freight=draw(freight),
        insurance=draw(amounts(300)),
        other=draw(amounts(300)),
        clearing=draw(amounts(300)),
        tranches=tuple(
            Tranche(D(50), draw(st.integers(-30, 60))) for _ in range(draw(st.sampled_from([0, 2])))
        ),
        scheme=draw(st.sampled_from(Scheme)),
        expired=not complete and draw(st.integers(0, 9)) == 0,
        disqualified=not complete and draw(st.integers(0, 9)) == 0,
        submitted_order=draw(st.integers(0, 3)),
        lines=tuple(draw(answers(line, always=complete)) for line in lines),
    )


policies = st.builds(
    Policy,
    tax=st.sampled_from(Tax),
    quantity=st.sampled_from(Quantity),
    interest_percent=st.sampled_from([D(0), D(12)]),
    incomplete=st.sampled_from(Incomplete),
    lump_sums_in_split=st.sampled_from(LumpSums),
)


@st.composite
def requests(draw, **fields):
    lines = draw(line_sets(taxed=fields.get("complete", False)))
    count = draw(st.integers(1, 5))
    return Inputs(
        draw(policies),
        lines,
        tuple(draw(offers_for(lines, f"k{number}", **fields)) for number in range(count)),
        RATES,
        minor_units=MINOR_UNITS,
    )


def ranks(sheet):
    return {column.key: column.rank for column in sheet.offers}


def figures(sheet):
    """Everything the sheet says, apart from the order in which it says it."""
    shown = as_json(sheet)
    for line in shown["lines"]:
        line["cells"].sort(key=lambda cell: cell["supplier"])
        line["lowest"].sort()
    for winners in shown["split"]["line_winners"].values():
        winners.sort()
    shown["offers"].sort(key=lambda offer: offer["supplier"])
    shown["columns"] = {column.key: plain(column) for column in sheet.offers}
    shown["all savings"] = plain(sheet.savings)
    shown["suggested"] = [row.suggested for row in sheet.lines]
    shown["proposed"], shown["lowest"] = sheet.proposed, sorted(sheet.lowest)
    shown["steps"] = {
        f"{row.line.key} {cell.offer_key}": [str(step) for step in cell.steps]
        for row in sheet.lines
        for cell in row.cells
    }
    return json.dumps(shown, sort_keys=True)


@few
@given(
    requests() | requests(complete=True, currencies=("INR", "JPY")),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_order_of_suppliers_and_lines_changes_no_figure(inputs, taxed, random):
    """With a twin of the first offer, so that there are ties; with rates that offers lend each other."""
    lines = [line if taxed else replace(line, gst_percent=None) for line in inputs.lines]
    twin = replace(inputs.offers[0], key="twin", supplier_code="V-twin")
    offers = [*inputs.offers, twin]
    first = replace(inputs, lines=tuple(lines), offers=tuple(offers))
    random.shuffle(lines)
    random.shuffle(offers)
    shuffled = replace(inputs, lines=tuple(lines), offers=tuple(offers))

    assert figures(build(shuffled)) == figures(build(first))


def without_percents(inputs, **fields):
    """The same request without packing in percent; `fields` replace more of every offer."""
    offers = (replace(offer, pf_percent=D(0), **fields) for offer in inputs.offers)
    return replace(inputs, offers=tuple(offers))


def replace_lines(inputs, **fields):
    """The same request with `fields` of every offered line replaced."""
    offers = (
        replace(offer, lines=tuple(line._replace(**fields) for line in offer.lines))
        for offer in inputs.offers
    )
    return replace(inputs, offers=tuple(offers))


@few
@given(requests(complete=True, currencies=("INR", "USD", "JPY")))
def test_shares_of_a_lump_sum_add_up_to_it(inputs):
    inputs = without_percents(inputs)
    sheet = build(inputs)

    for offer, column in zip(inputs.offers, sheet.offers, strict=True):
        cells = [row.cells[sheet.offers.index(column)] for row in sheet.lines]
        for name in LUMP_SUMS:
            amount = getattr(offer, name)
            amount = D(0) if isinstance(amount, Freight) else amount
            whole = (amount * column.rate).quantize(D("0.01"), "ROUND_HALF_UP")
            figure = "packing" if name == "pf_amount" else name
            assert sum(getattr(cell, figure) for cell in cells) == whole == getattr(column, figure)


@few
@given(requests(complete=True, currencies=("INR", "JPY")))
def test_shares_of_a_discount_on_everything_add_up_to_it(inputs):
    plain = replace_lines(inputs, discount_percent=D(0))
    sheet = build(plain)

    for offer, column in zip(plain.offers, sheet.offers, strict=True):
        step = D(1) if offer.currency == "JPY" else D("0.01")
        whole = column.gross_quoted * offer.header_discount_percent / 100
        assert column.discount_quoted == whole.quantize(step, "ROUND_HALF_UP")


@few
@given(requests(complete=True, currencies=("INR",)), st.data())
def test_raising_a_price_never_improves_the_rank(inputs, data):
    plain = [
        replace(
            offer,
            scheme=Scheme.REGULAR,
            freight=Freight.INCLUDED,
            header_discount_percent=D(0),
            **dict.fromkeys(LUMP_SUMS[1:], D(0)),
            lines=tuple(line._replace(discount_percent=D(0)) for line in offer.lines),
        )
        for offer in inputs.offers
    ]
    place = data.draw(st.integers(0, len(plain) - 1))
    first, *rest = plain[place].lines
    # by a little, or past everybody: a rise that overtakes nobody shows nothing
    rise = data.draw(amounts(50) | st.just(D(10_000_000)))
    dearer = first._replace(unit_price=first.unit_price + rise)
    raised = [*plain]
    raised[place] = replace(plain[place], lines=(dearer, *rest))

    before = build(replace(inputs, offers=tuple(plain)))
    after = build(replace(inputs, offers=tuple(raised)))

    assert after.offers[place].rank >= before.offers[place].rank


@few
@given(requests(), st.data())
def test_an_offer_out_of_the_ranking_changes_no_rank(inputs, data):
    extra = data.draw(offers_for(inputs.lines, "extra"))
    dead = data.draw(st.sampled_from(["incomplete", "expired", "disqualified"]))
    extra = (
        replace(extra, lines=extra.lines[1:])
        if dead == "incomplete"
        else replace(extra, **{dead: True})
    )
    before, after = build(inputs), build(replace(inputs, offers=(*inputs.offers, extra)))

    assert ranks(after) == ranks(before) | {"extra": None}
    assert [c.evaluated for c in after.offers[:-1]] == [c.evaluated for c in before.offers]


@few
@given(requests())
def test_apportioned_split_is_no_dearer_than_any_complete_offer(inputs):
    sheet = build(inputs)

    for column in sheet.offers:
        if column.status is Status.COMPLETE:
            assert sheet.split.apportioned_total <= column.cost


@few
@given(requests(complete=True, currencies=("USD", "EUR")), st.integers(2, 9))
def test_scaling_every_rate_keeps_the_order_beyond_rounding(inputs, factor):
    scaled = replace(inputs, rates={code: rate * factor for code, rate in RATES.items()})
    before, after = build(inputs), build(scaled)

    slack = D("0.10") * factor * len(inputs.lines)
    for a, scaled_a in zip(before.offers, after.offers, strict=True):
        assert abs(scaled_a.evaluated - a.evaluated * factor) <= slack
        for b, scaled_b in zip(before.offers, after.offers, strict=True):
            if a.evaluated * factor + 2 * slack < b.evaluated * factor:
                assert scaled_a.rank < scaled_b.rank


@few
@given(requests())
def test_committed_quantity_is_never_cheaper_before_discounts(inputs):
    committed, required = (
        build(replace(inputs, policy=replace(inputs.policy, quantity=quantity)))
        for quantity in (Quantity.COMMITTED, Quantity.REQUIRED)
    )

    for row, needed in zip(committed.lines, required.lines, strict=True):
        for cell, least in zip(row.cells, needed.cells, strict=True):
            assert (cell.gross_quoted is None) == (least.gross_quoted is None)
            assert cell.gross_quoted is None or cell.gross_quoted >= least.gross_quoted


@few
@given(requests(complete=True, currencies=("INR",)))
def test_free_and_empty_never_rank_alike(inputs):
    def priced(price):
        first, *rest = inputs.offers
        head, *tail = first.lines
        offer = replace(first, lines=(head._replace(unit_price=price), *tail))
        return build(replace(inputs, offers=(offer, *rest)))

    assert ranks(priced(D(0))) != ranks(priced(None))


@few
@given(requests())
def test_stored_inputs_give_the_same_sheet_byte_for_byte(inputs):
    stored = json.dumps(as_stored(inputs))
    again = from_stored(json.loads(stored))

    assert again == inputs
    assert json.dumps(as_json(build(again))) == json.dumps(as_json(build(inputs)))


@few
@given(requests(complete=True), st.integers(0, 2))
def test_ranks_are_one_plus_the_number_strictly_cheaper(inputs, copies):
    first = inputs.offers[0]
    twins = (replace(first, key=f"twin{n}", supplier_code=f"T{n}") for n in range(copies))
    sheet = build(replace(inputs, offers=(*inputs.offers, *twins)))

    ranked = [column for column in sheet.offers if column.rank is not None]
    for column in ranked:
        cheaper = sum(other.evaluated < column.evaluated for other in ranked)
        assert column.rank == 1 + cheaper
    for column in sheet.offers:
        assert (column.rank is not None) == (column.status is Status.COMPLETE)


@few
@given(requests())
def test_totals_of_a_column_are_the_sums_of_its_cells(inputs):
    sheet = build(inputs)

    for number, column in enumerate(sheet.offers):
        cells = [row.cells[number] for row in sheet.lines]
        for name in ("basic", "packing", "freight", "gst", "net_landed", "gross_landed", "cost"):
            parts = [getattr(cell, name) for cell in cells if cell.basic is not None]
            known = parts and None not in parts  # nobody may state a line's GST
            assert getattr(column, name) == (sum(parts) if known else None)


@few
@given(requests(complete=True, currencies=("INR", "USD")))
def test_awarding_everything_to_one_costs_its_column(inputs):
    """The column of what is ordered: an award never counts less (DOMAIN 6, W1)."""
    sheet = build(as_ordered(inputs))

    for column in sheet.offers:
        picks = [Pick(row.line.key, column.key, row.line.need) for row in sheet.lines]
        assert award_total(inputs, picks).total == column.cost
