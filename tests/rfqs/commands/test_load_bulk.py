"""Invented requests are possible ones: every constraint holds, and the figures are the real ones."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from rfqs import comparison, reports
from rfqs.actions import deciding, drafting
from rfqs.actions.figures import search_text
from rfqs.models import RFQ, ApprovalRequest, Invitation, Quotation, RFQLine
from tests.applying import policy
from tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(settings):
    """Load so many requests, and return what the command said."""

    def load(rfqs, **options):
        said = StringIO()
        call_command("load_bulk", rfqs=rfqs, verbosity=0, stdout=said, **options)
        return said.getvalue()

    return load


def test_every_request_has_ten_lines_and_five_suppliers(load):
    assert "60 requests" in load(60)
    counts = (RFQ.objects.count(), RFQLine.objects.count(), Invitation.objects.count())
    assert counts == (60, 600, 300)
    assert Quotation.objects.count() == 5 * RFQ.objects.filter(quotation_count=5).count() > 0


def test_the_figures_of_the_list_are_those_of_the_comparison(load):
    load(60)
    for rfq in RFQ.objects.filter(quotation_count=5):
        sheet = comparison.build(reports.comparison_inputs(rfq))
        assert rfq.best_total == min(offer.evaluated for offer in sheet.offers)
        assert rfq.last_total == sum(
            (line.quantity * line.last_price for line in rfq.lines.all()), Decimal(0)
        )
        assert sorted(rfq.search_text.split()) == sorted(search_text(rfq, suppliers=True).split())


def test_a_waiting_step_can_be_approved(load):
    load(60)
    request = ApprovalRequest.objects.filter(status="pending").first()
    step = request.steps.get(status="active")
    deciding.approve(
        rfq_id=request.rfq_id,
        by=User.objects.get(email="approver-1@bulk.example.com"),
        seen=request.content_hash,
        step_id=step.pk,
        fresh=True,
    )
    assert list(request.steps.order_by("sequence").values_list("status", flat=True)) == [
        "approved",
        "active",
    ]


def test_all_of_a_load_may_wait_for_an_approval(load):
    load(12, waiting=True)
    assert ApprovalRequest.objects.filter(status="pending").count() == 12


def test_another_load_and_the_product_go_on_with_the_numbers(load):
    load(10)
    buyer = User.objects.get_queryset().get(email="buyer@bulk.example.com")
    site = buyer.sites.order_by("code").first()
    drafting.create(site_id=site.pk, commodity_type="service", title="By hand", by=buyer)
    load(10)
    serials = RFQ.objects.filter(site=site).order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, len(serials) + 1))


def test_nobody_can_sign_in_unless_a_password_is_given(load):
    load(1)
    assert User.objects.get(email="buyer@bulk.example.com").has_usable_password() is False
    load(1, password="Plant#A001!")
    assert User.objects.get(email="buyer@bulk.example.com").check_password("Plant#A001!") is True


def test_a_database_with_real_data_is_refused(load):
    SupplierFactory(code="V-0001")
    with pytest.raises(CommandError, match="holds data that was not invented"):
        load(1)
    assert "1 requests" in load(1, yes=True)


def test_the_newest_request_is_of_today(load):
    before = timezone.now()
    load(3)
    assert RFQ.objects.latest("created_at").created_at >= before


def test_where_suppliers_are_approved_it_says_what_to_do_and_writes_nothing(load):
    switched = policy()

    with pytest.raises(CommandError, match="Make that policy inactive, load, and make it active"):
        load(3)

    assert (RFQ.objects.count(), User.objects.count()) == (0, 0)
    switched.is_active = False
    switched.save()
    load(3)
    switched.is_active = True
    switched.save()
    load(3)
    assert RFQ.objects.count() == 6
