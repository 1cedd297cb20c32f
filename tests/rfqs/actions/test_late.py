"""Quotations after the closing time: a right, a reason, a second person, and a mark wherever they show."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from rfqs import commitment
from rfqs.actions import deciding, late, opening
from rfqs.actions.quoting import NotOpen
from rfqs.models import LateAdmission, Opening, Quotation
from tests import pasts, stories
from tests.conftest import signed_in
from tests.factories import ApproverFactory, BuyerFactory

pytestmark = pytest.mark.django_db

WHY = "their courier had an accident at the gate"
SMALL = stories.GOODS_LINE | {"target_price": "1"}  # one person may open it


@pytest.fixture
def story():
    """Closed, with one quotation of two; the buyer and a colleague may admit late ones."""
    story = stories.opened(lines=[SMALL], suppliers=2)
    stories.quote(story, story.suppliers[0], "11")
    pasts.close(story.rfq)
    story.buyer.admits_late = True
    story.buyer.save(update_fields=["admits_late"])
    return story


@pytest.fixture
def second(story):
    return BuyerFactory(sites=[story.site], admits_late=True)


def of(story, **more):
    return {"rfq_id": story.rfq.pk, "supplier_id": story.suppliers[1].pk, "by": story.buyer} | more


def admit(story, second):
    late.ask(**of(story, reason=WHY))
    return late.confirm(**of(story, by=second))


def test_a_late_quotation_is_entered_once_two_people_admit_it(story, second):
    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[1], "9")
    late.ask(**of(story, reason=WHY))
    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[1], "9")
    admission = late.confirm(**of(story, by=second))

    quotation = stories.quote(story, story.suppliers[1], "9")

    assert (quotation.late, quotation.status) == (admission, "submitted")
    assert quotation.submitted_at >= story.rfq.deadline
    assert commitment.is_kept(Quotation.objects.get(pk=quotation.pk))
    verbs = AuditEvent.objects.of(story.rfq.pk).filter(verb__startswith="late.").order_by("seq")
    assert [(one.verb, one.actor) for one in verbs] == [
        ("late.ask", story.buyer),
        ("late.confirm", second),
    ]


def test_nobody_else_is_admitted_by_it(story, second):
    admit(story, second)

    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[0], "9")


def test_the_second_person_is_another_one_with_the_right(story):
    late.ask(**of(story, reason=WHY))

    with pytest.raises(DomainError, match="another person confirms it"):
        late.confirm(**of(story))
    with pytest.raises(NotAllowed):
        late.confirm(**of(story, by=BuyerFactory(sites=[story.site])))
    with pytest.raises(NotAllowed):
        late.confirm(**of(story, by=BuyerFactory(admits_late=True)))
    assert LateAdmission.objects.get().confirmed_by is None


def test_it_takes_a_reason_and_is_asked_for_once(story):
    with pytest.raises(Incomplete):
        late.ask(**of(story, reason=" "))
    late.ask(**of(story, reason=WHY))
    with pytest.raises(DomainError, match="asked for this already"):
        late.ask(**of(story, reason=WHY))


def test_neither_before_the_closing_time_nor_after_the_opening(story, second):
    early = stories.opened(site=story.site)
    with pytest.raises(DomainError, match="after the closing time"):
        late.ask(rfq_id=early.rfq.pk, supplier_id=early.suppliers[0].pk, by=story.buyer, reason=WHY)
    admit(story, second)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[1], "9")


def test_the_mark_is_wherever_the_quotation_shows(story, second):
    admit(story, second)
    quotation = stories.quote(story, story.suppliers[1], "9")
    number, browser = story.rfq.number, signed_in(story.buyer)

    pages = [
        browser.get(f"/rfqs/{number}/{tab}").content.decode()
        for tab in ("quotations/", f"quotations/{quotation.pk}/", "compare/")
    ]

    assert ["Admitted late" in page for page in pages] == [True] * 3
    for words in (WHY, story.buyer.full_name, second.full_name):
        assert words in pages[1]


def test_the_database_refuses_a_late_quotation_without_its_admission(story, second):
    admission = admit(story, second)
    quotation = stories.quote(story, story.suppliers[1], "9")
    other = Quotation.objects.get(supplier=story.suppliers[0])

    refused = []
    for row, change in (
        (quotation, {"late": None}),
        (other, {"submitted_at": database_now()}),
        (other, {"late": admission}),
    ):
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            Quotation.objects.filter(pk=row.pk).update(**change)
        refused.append(caught.value.__cause__.diag.constraint_name)
    assert refused == ["rfqs_quotation_in_time"] * 2 + ["rfqs_quotation_admitted"]


def test_who_admitted_it_never_approves_the_award(story, second):
    approver = ApproverFactory(sites=[story.site], roles=["buyer", "approver"], admits_late=True)
    late.ask(**of(story, reason=WHY))
    late.confirm(**of(story, by=approver))
    stories.quote(story, story.suppliers[1], "9")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    stories._submit(stories._pick(story, 1))

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, approver)


def test_the_pages_ask_and_confirm(story, second):
    page = reverse("rfqs:late", args=[story.rfq.number, story.suppliers[1].pk])
    first, other = signed_in(story.buyer), signed_in(second)
    overview = story.rfq.get_absolute_url()

    assert first.post(page, {"reason": ""}).status_code == 422
    assert first.post(page, {"reason": WHY}).url == overview
    shown = {"seen": str(story.rfq.invitations.get(admissions__isnull=False).admissions.get().pk)}
    assert first.post(page, shown).status_code == 409
    assert [WHY, shown["seen"]] == [
        words for words in (WHY, shown["seen"]) if words in other.get(page).content.decode()
    ]
    assert other.post(page, shown).url == overview
    new = reverse("rfqs:quotation_new", args=[story.rfq.number])
    assert first.get(f"{new}?supplier={story.suppliers[1].pk}").status_code == 200
    assert first.get(f"{new}?supplier={story.suppliers[0].pk}").status_code == 409
    assert "A late quotation is admitted by" in first.get(overview).content.decode()


def test_who_typed_a_sealed_quotation_never_opens_alone():
    story = stories.opened(lines=[SMALL], suppliers=2, is_sealed=True)
    stories.quote(story, story.suppliers[0], "11", by=story.buyer)
    pasts.close(story.rfq)
    other = BuyerFactory(sites=[story.site])

    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    alone = Opening.objects.exists()
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=other)

    opened = Opening.objects.get()
    assert (alone, opened.opened_by, opened.witness) == (False, other, story.buyer)


def test_who_typed_nothing_opens_a_small_sealed_request_alone():
    story = stories.opened(lines=[SMALL], suppliers=2, is_sealed=True)
    stories.quote(story, story.suppliers[0], "11")
    pasts.close(story.rfq)

    opening.begin_evaluation(rfq_id=story.rfq.pk, by=BuyerFactory(sites=[story.site]))

    assert Opening.objects.get().witness is None
