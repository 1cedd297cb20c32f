"""The demonstration data is loaded once for this file, and rolled back."""

from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts import demo
from accounts.models import Role, Site, User
from quoteflow.lib.gstin import check_gstin
from rfqs import reports
from rfqs.demo import loading
from rfqs.demo.reading import plans
from rfqs.models import LIVE, RFQ, Award, CommodityType, ExchangeRate, Item, Quotation
from rfqs.pricehistory import Memory
from rfqs.states import Status
from suppliers.models import Supplier
from tests.conftest import signed_in
from tests.factories import SiteFactory

STORED = {
    "closed": Status.OPEN,
    "pending1": Status.PENDING,
    "pending2": Status.PENDING,
    "returned": Status.EVALUATION,
}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield loading.load(shown=False)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def requests(loaded):
    return list(RFQ.objects.select_related("site").order_by("number"))


def test_every_request_of_the_plan_is_in_its_state(loaded, requests):
    planned = Counter((p.kind, STORED.get(p.state, p.state)) for p in plans())
    kinds = dict(zip(CommodityType.values, ("goods", "service", "transport"), strict=True))

    assert loaded == len(plans()) == 74
    assert Counter((kinds[r.commodity_type], r.status) for r in requests) == planned
    assert {r.status for r in requests} == set(Status.values) - {Status.REVIEW}


def test_the_database_agrees_with_everything(loaded):
    connection.check_constraints()


def test_there_is_enough_to_look_at(loaded):
    assert list(Site.objects.order_by("code").values_list("minimum_bids", "minimum_lead_minutes")) == [
        (3, 60), (2, 60), (1, 60),
    ]  # fmt: skip
    assert not Site.objects.filter(head=None).exists()
    assert Supplier.objects.count() >= 60
    assert Item.objects.count() >= 150
    assert {"INR", "USD", "EUR", "JPY", "GBP"} <= set(
        Quotation.objects.values_list("currency", flat=True)
    )
    assert ExchangeRate.objects.filter(currency="USD").count() == 61
    assert ExchangeRate.objects.latest("on").on == timezone.localdate()


def test_the_lists_figures_are_what_they_count(requests):
    for rfq in requests:
        live = rfq.quotations.filter(round=rfq.round, status__in=LIVE)
        assert (rfq.number, rfq.line_count, rfq.invited_count, rfq.quotation_count) == (
            rfq.number,
            rfq.lines.count(),
            rfq.invitations.count(),
            live.count(),
        )
        assert not (rfq.prices_are_sealed and rfq.best_total is not None)


def test_every_offer_was_in_time(requests):
    for quotation in Quotation.objects.select_related("rfq"):
        assert quotation.submitted_at < quotation.rfq.deadline


def test_awards_orders_and_decisions_add_up(requests):
    awards = Award.objects.exclude(status="cancelled").prefetch_related("lines", "orders")
    for award in awards:
        assert sum(line.cost for line in award.lines.all()) == award.total
        if award.status == "approved":
            assert sum(order.cost for order in award.orders.all()) == award.total
        for request in award.approval_requests.prefetch_related("decisions"):
            deciders = [decision.by_id for decision in request.decisions.all()]
            assert set(deciders) & set(request.barred) == set()
            assert len(set(deciders)) == len(deciders)
    steps = Counter(
        rfq.approval_requests.get(status="pending").steps.get(status="active").sequence
        for rfq in requests
        if rfq.status == Status.PENDING
    )
    assert steps == {1: 8, 2: 4}


def test_what_makes_a_comparison_interesting_is_there(requests):
    seen = set()
    for rfq in requests:
        if rfq.status not in (Status.EVALUATION, Status.PENDING) or not rfq.quotation_count:
            continue
        sheet = reports.comparison_sheet(rfq)
        seen |= {f"offer {column.status}" for column in sheet.offers}
        seen |= {flag for row in sheet.lines for cell in row.cells for flag in cell.flags}
        seen |= {flag for column in sheet.offers for flag in column.flags}
        seen |= {"tie"} if len(sheet.lowest) > 1 else set()
        seen |= {"single bid"} if len(sheet.offers) == 1 else set()

    wanted = {"offer complete", "offer incomplete", "offer expired", "tie", "single bid"}
    assert {str(fact) for fact in seen} >= wanted | {"moq", "freight_not_stated", "not_quoted"}


def test_a_price_is_far_from_what_was_paid_before(requests):
    far = next(plan for plan in plans() if "far" in plan.flags)
    rfq = next(one for one in requests if (one.title, one.status) == (far.title, Status.EVALUATION))
    line = rfq.lines.get(position=1)
    cells = reports.comparison_sheet(rfq).lines[0].cells
    memory = Memory(rfq.requester, [line])

    remarks = [memory.remark(line, cell.unit_price) for cell in cells]

    assert ["(3 purchases)" in remark for remark in remarks] == [False] * (len(cells) - 1) + [True]


def test_sealed_requests_hold_offers_before_and_after_their_opening(requests):
    sealed = [rfq for rfq in requests if rfq.is_sealed and rfq.quotation_count]

    assert {rfq.status for rfq in sealed} >= {Status.OPEN, Status.EVALUATION, Status.APPROVED}
    assert any(rfq.opening_asked_by_id and rfq.status == Status.OPEN for rfq in sealed)
    assert any(opening.witness_id for rfq in sealed for opening in rfq.openings.all())


def test_one_draft_holds_what_cannot_be_read_yet(requests):
    (draft,) = [rfq for rfq in requests if rfq.typed]

    page = signed_in(draft.requester).get(f"/rfqs/{draft.number}/edit/").content.decode()

    summary = page.partition('class="errsum"')[2].partition("</div>")[0]
    assert (draft.status, summary.count("<li>")) == (Status.DRAFT, 2)
    assert [f'value="{line.pk}"' in page for line in draft.lines.all()] == [True] * draft.line_count


def test_everyone_can_sign_in_and_nobody_is_a_superuser(loaded):
    people = {user.email: user for user in User.objects.get_queryset()}

    assert [email for _label, email in demo.sign_ins()] == [p.email for p in demo.PEOPLE]
    assert {role for user in people.values() for role in user.roles} == set(Role.values)
    assert not any(user.is_superuser for user in people.values())
    for user in people.values():
        validate_password(demo.PASSWORD, user)
        assert user.check_password(demo.PASSWORD)


def test_addresses_lead_nowhere_and_tax_numbers_are_well_formed(loaded):
    for supplier in Supplier.objects.prefetch_related("contacts"):
        addresses = [supplier.email, *(contact.email for contact in supplier.contacts.all())]
        assert all(address.endswith(".example") for address in addresses)
        if supplier.gstin:
            assert check_gstin(supplier.gstin) == supplier.gstin


def test_a_second_load_changes_nothing(loaded):
    before = list(RFQ.objects.order_by("pk").values_list("pk", "version"))
    told = StringIO()

    call_command("load_demo", stdout=told)

    assert told.getvalue() == "The demonstration data is there already; nothing was changed.\n"
    assert list(RFQ.objects.order_by("pk").values_list("pk", "version")) == before


def test_real_work_is_left_alone(db):
    SiteFactory()

    with pytest.raises(CommandError, match="empty installation"):
        call_command("load_demo", verbosity=0)


def test_production_has_to_be_asked_twice(db, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="--yes"):
        call_command("load_demo")
