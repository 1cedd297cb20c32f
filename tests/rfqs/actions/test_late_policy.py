"""Late quotations that a policy covers: approved in steps, by people with no part in the request."""

from decimal import Decimal

import pytest

from accounts.models import Role
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed, Stale
from rfqs.actions import deciding, drafting, late, opening, quoting, sourcing
from rfqs.actions.quoting import NotOpen
from rfqs.content import ContentChanged
from rfqs.models import RFQ, LateAdmission
from rfqs.states import Status
from suppliers.models import Supplier
from tests import pasts, stories
from tests.conftest import signed_in
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    ContactFactory,
    HeadFactory,
    SiteFactory,
    UserFactory,
)
from tests.lateness import NO, PRICED, WHY, asked, closed, deputy_of, of, policy
from tests.trails import last_event, recipients, verbs

pytestmark = pytest.mark.django_db

EVERYTHING = [Role.BUYER.value, Role.APPROVER.value, Role.HEAD.value]


def test_an_approval_lets_it_in_and_nothing_else_does():
    story = asked()
    second = BuyerFactory(sites=[story.site], admits_late=True)
    assert recipients("approval_asked") == [story.approver.email]
    with pytest.raises(DomainError, match="A policy asks for an approval"):
        late.confirm(**of(story, by=second))
    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[1], "9")

    story.decide(deciding.approve, story.approver)

    quotation = stories.quote(story, story.suppliers[1], "9")
    assert (quotation.late.asked_by, quotation.late.confirmed_by) == (story.buyer, story.approver)
    assert story.request.amount == Decimal("5000.00")
    assert verbs(story.rfq)[-3:] == ["late.ask", "late.admit", "quotation.capture"]
    assert recipients("late_decided") == [story.buyer.email]


def test_who_let_it_in_did_no_work_and_may_decide_the_award():
    story = asked()
    story.decide(deciding.approve, story.approver)
    stories.quote(story, story.suppliers[1], "9")

    assert stories.decided(story).rfq.status == Status.APPROVED


@pytest.mark.parametrize(("price", "steps"), [("50.0000", 1), ("50.0001", 2)])
def test_the_estimate_chooses_the_steps(price, steps):
    line = PRICED | {"target_price": Decimal(price)}
    bands = (Decimal(5000), ["approver"]), (None, ["approver", "head"])
    story = asked(*bands, lines=[line])

    assert story.request.steps.count() == steps
    story.decide(deciding.approve, story.approver)
    assert LateAdmission.objects.filter(confirmed_by=story.approver).count() == 2 - steps
    if steps == 2:
        story.decide(deciding.approve, story.head)
    assert LateAdmission.objects.filter(confirmed_by__isnull=False).count() == 1


@pytest.mark.parametrize(
    "scope", [{"commodity_type": "service"}, {"is_urgent": True}, {"site": "elsewhere"}, "nobody"]
)
def test_what_no_policy_covers_is_confirmed_by_a_second_buyer(scope):
    if scope == "nobody":
        policy((Decimal(5000), ["nobody"]), (None, ["head"]))
    else:
        policy(**{name: SiteFactory() if name == "site" else one for name, one in scope.items()})
    story = closed()

    late.ask(**of(story, reason=WHY))

    late.confirm(**of(story, by=BuyerFactory(sites=[story.site], admits_late=True)))
    assert not story.rfq.approval_requests.exists()
    assert stories.quote(story, story.suppliers[1], "9").is_late


def test_after_a_no_it_is_over_for_the_round():
    story = asked()

    story.decide(deciding.reject, story.approver, comment=NO)

    assert last_event(story.rfq).verb == "late.refuse"
    assert last_event(story.rfq).after["comment"] == NO
    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[1], "9")
    with pytest.raises(DomainError, match="was rejected; it is not admitted in this round"):
        late.ask(**of(story, reason=WHY))
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)


def test_returned_or_taken_back_it_is_asked_for_again():
    story = asked()
    with pytest.raises(DomainError, match="asked for this already"):
        late.ask(**of(story, reason=WHY))

    story.decide(deciding.send_back, story.approver, comment=NO)
    late.ask(**of(story, reason=WHY))
    late.take_back(**of(story))
    late.ask(**of(story, reason=WHY))
    story.decide(deciding.approve, story.approver)

    statuses = story.rfq.approval_requests.order_by("created_at").values_list("status", flat=True)
    assert list(statuses) == ["returned", "withdrawn", "approved"]


def test_it_is_not_taken_back_once_somebody_decided():
    story = asked((None, ["approver", "head"]))
    story.decide(deciding.approve, story.approver)
    with pytest.raises(DomainError, match="decided on it already"):
        late.take_back(**of(story))

    story.decide(deciding.approve, story.head)

    with pytest.raises(DomainError, match="decided on it already"):
        late.take_back(**of(story))
    with pytest.raises(NotAllowed):
        late.take_back(**of(story, by=story.approver))


def test_without_a_policy_it_is_taken_back_until_it_is_confirmed():
    story = closed()
    late.ask(**of(story, reason=WHY))
    late.take_back(**of(story))
    with pytest.raises(DomainError, match="Nobody has asked"):
        late.take_back(**of(story))

    late.ask(**of(story, reason=WHY))
    late.confirm(**of(story, by=BuyerFactory(sites=[story.site], admits_late=True)))

    with pytest.raises(DomainError, match="decided on it already"):
        late.take_back(**of(story))


@pytest.mark.parametrize("verb", [deciding.approve, deciding.reject, deciding.send_back])
def test_nobody_who_must_not_decide_does(verb):
    policy((None, ["approver", "head"]))
    story = stories.drafted(lines=[PRICED], suppliers=3)
    site = {"sites": [story.site], "roles": EVERYTHING, "is_superuser": True, "is_staff": True}
    editor, typist, asker = (UserFactory(**site, admits_late=True) for _three in range(3))
    drafting.revise(rfq_id=story.rfq.pk, version=None, by=editor, head={"title": "Bolts"})
    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    stories.quote(story, story.suppliers[0], "11", by=typist)
    pasts.close(story.rfq)
    story.buyer.roles = EVERYTHING
    story.buyer.save(update_fields=["roles"])
    late.ask(**of(story, by=asker, reason=WHY))
    contact = ContactFactory(user=UserFactory(roles=[Role.SUPPLIER.value], sites=[story.site]))
    people = {
        "creator": story.buyer, "editor": editor, "typist": typist, "asker": asker,
        "deputy of the asker": deputy_of(asker), "deputy of the creator": deputy_of(story.buyer),
        "second buyer": BuyerFactory(sites=[story.site], admits_late=True),
        "head before the approver": story.head, "elsewhere": ApproverFactory(),
        "inactive": ApproverFactory(sites=[story.site], is_active=False),
        "supplier": contact.user, "superuser": UserFactory(is_superuser=True, is_staff=True),
    }  # fmt: skip
    page = f"/rfqs/{story.rfq.number}/{verb.__name__.replace('_', '-')}/"
    step = story.request.steps.get(sequence=1)
    said = {"step": step.pk, "seen": story.request.content_hash, "comment": NO}

    through = []
    for name, person in people.items():
        answer = signed_in(person).post(page, said)
        if answer.status_code not in (403, 404) and "/login/" not in answer.headers.get(
            "Location", ""
        ):
            through.append((name, answer.status_code))
        with pytest.raises(NotAllowed):
            story.decide(verb, person, comment=NO)

    assert through == []
    story.decide(deciding.approve, story.approver)
    story.head.roles = [Role.HEAD.value, Role.APPROVER.value]
    story.head.save(update_fields=["roles"])
    with pytest.raises(DomainError):
        story.decide(verb, story.approver, comment=NO)
    story.decide(deciding.approve, story.head)
    assert LateAdmission.objects.get().confirmed_by == story.head


def test_a_deputy_decides_for_who_is_away():
    story = asked()
    deputy = deputy_of(story.approver)

    page = signed_in(deputy).get(f"/rfqs/inbox/{story.rfq.number}/").content.decode()
    story.decide(deciding.approve, deputy)

    assert f"You decide for {story.approver.full_name}" in page
    decision = story.request.decisions.get()
    assert (decision.by, decision.on_behalf_of) == (deputy, story.approver)
    assert last_event(story.rfq).on_behalf_of == story.approver


def test_what_is_not_what_was_asked_for_is_void_and_says_why():
    story = asked()
    page = f"/rfqs/{story.rfq.number}/approve/"
    step = story.request.steps.get()
    said = {"step": step.pk, "seen": story.request.content_hash, "comment": ""}
    Supplier.objects.filter(pk=story.suppliers[1].pk).update(status="suspended")

    answer = signed_in(story.approver).post(page, said)

    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "Supplier, status</th><td>active</td><td>suspended</td>" in text
    assert story.request.status == "voided"
    assert verbs(story.rfq)[-1] == "late.void"
    assert recipients("approval_voided") == [story.buyer.email]
    late.ask(**of(story, reason=WHY))
    story.decide(deciding.approve, story.approver)


def test_control_unchanged_it_goes_through_by_the_same_page():
    story = asked()
    said = {"step": story.request.steps.get().pk, "seen": story.request.content_hash}

    answer = signed_in(story.approver).post(f"/rfqs/{story.rfq.number}/approve/", said)

    assert (answer.status_code, story.request.status) == (302, "approved")
    with pytest.raises(deciding.AlreadyDecided, match="was quicker"):
        deciding.approve(
            rfq_id=story.rfq.pk, by=story.approver, seen=said["seen"], step_id=said["step"]
        )


def test_an_old_page_is_told_so():
    story = asked()

    with pytest.raises(Stale, match="not the one you were shown"):
        story.decide(deciding.approve, story.approver, seen="0" * 64)
    assert issubclass(ContentChanged, Stale)


def test_nobody_opens_or_ends_it_while_a_late_quotation_waits():
    story = asked()
    facts = {"rfq_id": story.rfq.pk, "by": story.buyer}
    with pytest.raises(DomainError, match="waits for its approval"):
        opening.begin_evaluation(**facts)
    only = story.rfq.quotations.get()
    quoting.disqualify(quotation_id=only.pk, by=story.buyer, reason="a sample failed")
    with pytest.raises(DomainError, match="waits for its approval"):
        sourcing.close_unsuccessful(**facts, reason=NO)

    drafting.cancel(**facts, reason="not needed any more")

    assert RFQ.objects.get().status == Status.CANCELLED
    assert story.request.status == "voided"
    assert LateAdmission.objects.get().closed_at is not None


def test_without_anybody_to_decide_it_is_not_asked_for():
    policy((None, ["site_head"]))
    story = closed()

    with pytest.raises(Incomplete, match=r"Nobody can decide step 1 \(Head of the site\)"):
        late.ask(**of(story, reason=WHY))

    assert not LateAdmission.objects.exists()
    assert not AuditEvent.objects.of(story.rfq.pk).filter(verb="late.ask").exists()


def test_an_approver_of_the_site_sees_it_and_one_of_another_does_not():
    policy()
    story, people = closed(), (ApproverFactory(), HeadFactory())
    before = RFQ.objects.visible_to(story.approver).exists()
    late.ask(**of(story, reason=WHY))

    seen = [RFQ.objects.visible_to(one).exists() for one in (story.approver, *people)]
    deputy = RFQ.objects.visible_to(deputy_of(story.approver)).exists()

    assert (before, seen, deputy) == (False, [True, False, True], True)
