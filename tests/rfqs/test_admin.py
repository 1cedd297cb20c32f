"""Requests, quotations and policies in the back office."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from quoteflow.audit.models import AuditEvent
from rfqs.models import ApprovalPolicy, ExchangeRate, Item, TaxRate, UnitAlias
from tests import stories
from tests.applying import policy as activation_policy
from tests.backoffice import as_posted, entered, staff
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    HeadFactory,
    ItemFactory,
    RateFactory,
    SiteFactory,
    UnitFactory,
)

PRICE = "917.3100"
BANDS = {
    "bands-TOTAL_FORMS": "2",
    "bands-INITIAL_FORMS": "0",
    "name": "Standard",
    "subject": "award",
    "is_active": "on",
}


@pytest.fixture
def office(db):
    return entered(staff())


@pytest.fixture
def sealed():
    return stories.quoted(prices=(PRICE, "950"), is_sealed=True)


def test_a_sealed_quotation_does_not_exist_before_its_opening(office, sealed):
    quotation = sealed.rfq.quotations.first()
    pages = [
        "/admin/rfqs/quotation/",
        f"/admin/rfqs/quotation/?q={sealed.rfq.number}",
        f"/admin/rfqs/rfq/{sealed.rfq.pk}/change/",
        "/admin/audit/auditevent/",
        "/admin/",
    ]

    assert all("917" not in office.get(page).text for page in pages)
    assert office.get(pages[0]).context["cl"].result_count == 0
    assert office.get(f"/admin/rfqs/quotation/{quotation.pk}/change/").status_code == 302
    assert office.get(f"/admin/rfqs/quotation/{quotation.pk}/history/").status_code == 302


def test_an_opened_quotation_is_shown_with_its_lines(office):
    story = stories.evaluated(prices=(PRICE,))
    quotation = story.rfq.quotations.get()

    assert PRICE.rstrip("0") in office.get(f"/admin/rfqs/quotation/{quotation.pk}/change/").text


@pytest.mark.parametrize(
    "question",
    [
        "rfqs/quotation/?freight_amount__gt=1",
        "rfqs/quotation/?lines__unit_price__gt=900",
        "rfqs/rfq/?best_total__gt=1",
        "rfqs/rfq/?quotations__lines__unit_price__gt=900",
        "rfqs/award/?total__gt=1",
        "rfqs/item/?last_price__gt=1",
        "suppliers/supplier/?invitations__quotations__lines__unit_price__gt=1",
    ],
)
def test_no_price_can_be_guessed_by_asking(office, question):
    assert office.get(f"/admin/{question}").status_code == 400


def add_policy(office, *bands: tuple[str, str]):
    facts = dict(BANDS)
    for number, (up_to, steps) in enumerate(bands):
        chosen = {f"bands-{number}-steps_{n}": one for n, one in enumerate(steps.split(">"))}
        facts |= {f"bands-{number}-up_to": up_to} | chosen
    return office.post("/admin/rfqs/approvalpolicy/add/", facts)


def test_a_policy_is_stored_with_its_bands(office):
    add_policy(office, ("200000", "approver"), ("", "approver>head"))

    policy = ApprovalPolicy.objects.get()
    bands = policy.bands.order_by("up_to").values_list("up_to", "steps")
    assert list(bands) == [(Decimal(200000), ["approver"]), (None, ["approver", "head"])]
    verbs = AuditEvent.objects.filter(stream=policy.pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["approvalband.create", "approvalband.create", "approvalpolicy.create"]


@pytest.mark.parametrize(
    ("bands", "complaint"),
    [
        ([("200000", "approver"), ("500000", "head")], "gap"),
        ([("200000", "approver"), ("200000", "head")], "overlap"),
        ([("", "approver"), ("", "head")], "overlap"),
        ([("", "approver"), ("500000", "")], "required"),
        ([("0", "approver"), ("", "head")], "more than 0"),
        ([], "gap"),
    ],
)
def test_bands_leave_no_gap_and_do_not_overlap(office, bands, complaint):
    answer = add_policy(office, *bands)

    assert complaint in str(answer.context["errors"])
    assert not ApprovalPolicy.objects.exists()


def test_a_stored_policy_can_be_changed(office):
    add_policy(office, ("200000", "approver"), ("", "approver>head"))
    policy = ApprovalPolicy.objects.get()
    page = f"/admin/rfqs/approvalpolicy/{policy.pk}/change/"

    facts = as_posted(office, page) | {"bands-0-steps_0": "head", "bands-0-hours": "8"}
    office.post(page, facts)

    band = policy.bands.get(up_to=200000)
    assert (band.steps, band.hours) == (["head"], [8])
    event = AuditEvent.objects.filter(stream=policy.pk, verb="approvalband.change").get()
    assert event.before == {"steps": ["approver"], "hours": []}
    assert event.after == {"steps": ["head"], "hours": [8]}


def test_a_step_names_a_person_or_the_head_of_whatever_site(office):
    person = ApproverFactory()

    add_policy(office, ("200000", f"{person.pk}>site_head"), ("", "head"))

    policy = ApprovalPolicy.objects.get()
    assert policy.bands.get(up_to=200000).steps == [str(person.pk), "site_head"]


@pytest.mark.parametrize(
    ("band", "complaint"),
    [
        ({"steps_0": "", "steps_1": "head"}, "without a gap"),
        ({"steps_0": "{person}", "steps_1": "{person}"}, "at most one step"),
        ({"steps_0": "{buyer}"}, "Select a valid choice"),
        ({"steps_0": "approver", "steps_1": "head", "hours": "8"}, "for each step, or for none"),
        ({"steps_0": "approver", "hours": "0"}, "greater than or equal to 1"),
        ({"steps_0": "approver", "hours": "soon"}, "Enter a whole number"),
    ],
)
def test_steps_nobody_could_take_are_refused(office, band, complaint):
    people = {"person": ApproverFactory().pk, "buyer": BuyerFactory().pk}
    typed = {f"bands-0-{name}": text.format(**people) for name, text in band.items()}

    answer = office.post("/admin/rfqs/approvalpolicy/add/", BANDS | typed | {"bands-0-up_to": ""})

    assert complaint in str(answer.context["errors"])
    assert not ApprovalPolicy.objects.exists()


RATE = {"currency": "usd", "on": "2026-01-05", "rate_to_base": "83.125", "source": "Treasury"}


def test_a_rate_is_stored(office):
    office.post("/admin/rfqs/exchangerate/add/", RATE)

    rate = ExchangeRate.objects.get()
    assert (rate.currency, rate.rate_to_base) == ("USD", Decimal("83.125000"))
    assert AuditEvent.objects.get(verb="exchangerate.create").after["rate_to_base"] == "83.125"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "XYZ"),
        ("currency", "INR"),
        ("on", "tomorrow"),
        ("rate_to_base", "0"),
        ("rate_to_base", "-1"),
        ("source", " "),
    ],
)
def test_a_rate_says_what_is_wrong(office, field, value):
    if value == "tomorrow":
        value = str(timezone.localdate() + timedelta(days=1))

    answer = office.post("/admin/rfqs/exchangerate/add/", RATE | {field: value})

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not ExchangeRate.objects.exists()


TAX = {"hsn": "7318", "valid_from": "2025-09-22", "gst_percent": "18", "source": "9/2025"}


def test_a_tax_rate_is_stored_and_in_the_journal(office):
    office.post("/admin/rfqs/taxrate/add/", TAX)

    assert TaxRate.objects.values_list("hsn", "gst_percent").get() == ("7318", Decimal(18))
    assert AuditEvent.objects.get(verb="taxrate.create").after["hsn"] == "7318"


@pytest.mark.parametrize(
    ("field", "value"),
    [("hsn", "7"), ("hsn", "73x"), ("gst_percent", "100.5"), ("gst_percent", ""), ("source", " ")],
)
def test_a_tax_rate_says_what_is_wrong(office, field, value):
    answer = office.post("/admin/rfqs/taxrate/add/", TAX | {field: value})

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not TaxRate.objects.exists()


def test_a_second_rate_of_the_day_is_refused(office):
    RateFactory(currency="USD", on="2026-01-05")

    assert office.post("/admin/rfqs/exchangerate/add/", RATE).status_code == 200


def test_an_item_keeps_its_last_price(office):
    item = ItemFactory(last_price=Decimal(12), last_currency="INR")
    page = f"/admin/rfqs/item/{item.pk}/change/"

    office.post(page, as_posted(office, page) | {"description": "Bolt", "last_price": "1"})

    item.refresh_from_db()
    assert (item.description, item.last_price) == ("Bolt", Decimal(12))


def test_an_item_that_was_asked_for_stays(office):
    item = ItemFactory()
    line = stories.GOODS_LINE | {"item_code": item.code, "unit_id": "H87"}
    stories.drafted(lines=[line])

    office.post(f"/admin/rfqs/item/{item.pk}/delete/", {"post": "yes"})

    assert Item.objects.filter(pk=item.pk).exists()


def test_spellings_are_stored_as_they_are_looked_up(office):
    unit = UnitFactory()
    UnitAlias.objects.filter(alias="STK").delete()
    page = f"/admin/rfqs/unit/{unit.pk}/change/"
    facts = as_posted(office, page)
    number = int(facts["aliases-TOTAL_FORMS"])

    office.post(
        page,
        facts | {"aliases-TOTAL_FORMS": number + 1, f"aliases-{number}-alias": "s.t.k"},
    )

    assert unit.aliases.filter(alias="STK").exists()


PREVIEW = "/admin/rfqs/approvalpolicy/preview/"


@pytest.mark.parametrize(
    ("subject", "stored"),
    [("award", 0), ("cancellation", 0), ("publication", 1), ("late", 1)],
)
def test_nobody_is_enough_where_other_rules_stand_in(office, subject, stored):
    facts = BANDS | {"subject": subject, "bands-0-up_to": "", "bands-0-steps_0": "nobody"}

    office.post("/admin/rfqs/approvalpolicy/add/", facts)

    assert ApprovalPolicy.objects.count() == stored


def test_the_preview_of_a_late_quotation_says_who_stands_in(office):
    site = SiteFactory()
    asked = {"subject": "late", "site": site.pk, "commodity_type": "service", "amount": "1"}

    without = office.get(PREVIEW, asked).content.decode()
    policy = ApprovalPolicy.objects.create(name="Late", subject="late", site=site)
    policy.bands.create(steps=["head"])

    assert "a second buyer with the right confirms a late quotation" in without
    shown = office.get(PREVIEW, asked)
    assert [one[1] for one in shown.context["steps"]] == ["Head"]


@pytest.mark.parametrize(
    ("amount", "steps"),
    [
        ("200000.00", [(1, "Approver", 1, None)]),
        ("200000.01", [(1, "Approver", 1, None), (2, "Head", 2, None)]),
    ],
)
def test_a_policy_is_previewed_before_anybody_submits(office, amount, steps):
    site = SiteFactory()
    ApproverFactory(sites=[site])
    ApproverFactory()
    HeadFactory.create_batch(2)
    asked = {"subject": "award", "site": site.pk, "commodity_type": "service", "amount": amount}

    shown = office.get(PREVIEW, asked)

    assert (shown.context["route"].policy_name, shown.context["steps"]) == ("standard", steps)


def test_the_preview_counts_what_is_saved(office):
    site = SiteFactory()
    policy = ApprovalPolicy.objects.create(name="Urgent here", site=site, is_urgent=True)
    policy.bands.create(steps=["head"])
    asked = {"subject": "award", "site": site.pk, "commodity_type": "service", "amount": "1"}

    names = [
        office.get(PREVIEW, asked | changes).context["route"].policy_name
        for changes in ({}, {"is_urgent": "on"})
    ]

    assert names == ["standard", "Urgent here"]


def test_the_preview_names_people_and_says_where_nobody_could_decide(office):
    meera, away = ApproverFactory(full_name="Meera Rao"), ApproverFactory(full_name="Vik Shah")
    site = SiteFactory(head=meera)
    meera.sites.add(site)
    policy = ApprovalPolicy.objects.create(name="Named", site=site)
    policy.bands.create(steps=["site_head", str(away.pk)], hours=[4, 12])
    asked = {"subject": "award", "site": site.pk, "commodity_type": "service", "amount": "1"}

    shown = office.get(PREVIEW, asked)

    assert shown.context["steps"] == [
        (1, "Meera Rao (Head of the site)", 1, 4),
        (2, "Vik Shah (Named person)", 0, 12),
    ]
    assert "Nobody: the request could not be submitted." in shown.content.decode()


def test_the_preview_says_what_is_missing_and_stands_above_the_list(office):
    assert office.get(PREVIEW).status_code == 200
    assert office.get(PREVIEW, {"amount": "-1"}).status_code == 422
    assert PREVIEW in office.get("/admin/rfqs/approvalpolicy/").content.decode()


@pytest.mark.parametrize(
    ("changes", "stored"),
    [
        ({}, 1),
        ({"bands-0-up_to": "500", "bands-1-steps_0": "head"}, 0),
        ({"bands-0-steps_0": "site_head"}, 0),
        ({"bands-0-steps_0": "nobody"}, 0),
        ({"bands-0-hours": "8"}, 1),
        ({"commodity_type": "service"}, 0),
        ({"is_urgent": "True"}, 0),
    ],
)
def test_a_policy_for_suppliers_has_one_band_and_no_scope(office, changes, stored):
    facts = BANDS | {"subject": "activation", "bands-0-up_to": "", "bands-0-steps_0": "approver"}

    office.post("/admin/rfqs/approvalpolicy/add/", facts | changes)

    assert ApprovalPolicy.objects.count() == stored


def test_the_preview_of_an_activation_asks_for_nothing_else(office):
    ApproverFactory.create_batch(2, sites=[])
    without = office.get(PREVIEW, {"subject": "activation"})
    activation_policy("approver", "head")

    shown = office.get(PREVIEW, {"subject": "activation"})

    assert "Nobody: the back office makes a supplier active." in without.content.decode()
    assert shown.context["steps"] == [(1, "Approver", 2, None), (2, "Head", 0, None)]
    assert office.get(PREVIEW, {"subject": "award"}).status_code == 422
