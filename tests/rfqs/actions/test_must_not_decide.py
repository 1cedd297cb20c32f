"""Every person who must not decide, against every request, by every way in: nobody gets through (T8)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation, Role, User
from quoteflow.lib.errors import DomainError
from rfqs.actions import awarding, deciding, drafting, opening, sourcing
from rfqs.models import RFQ, Decision
from tests import stories
from tests.backoffice import entered
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    ContactFactory,
    HeadFactory,
    RateFactory,
    SiteFactory,
    SupplierFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

EVERYTHING = [Role.BUYER.value, Role.APPROVER.value, Role.HEAD.value]
VERBS = {
    "approve": deciding.approve,
    "reject": deciding.reject,
    "send_back": deciding.send_back,
}
WHY = "no, for a reason of ten letters"
LARGE = {"quantity": Decimal(1), "price": Decimal("200000.01")}
REQUESTS: dict[str, dict[str, Any]] = {
    "one step": {"quantity": Decimal(1), "price": Decimal("200000.00")},
    "two steps by 0.01": LARGE,
    "two steps by the stored rate": {
        "quantity": Decimal(1),
        "price": Decimal(3000),
        "currency": "USD",
    },
    "second step": LARGE | {"signed": True},
    "approved": {"quantity": Decimal(1), "price": Decimal(10), "ended": "approved"},
    "returned": {"quantity": Decimal(1), "price": Decimal(10), "ended": "returned"},
}
STEPS = {
    "one step": 1,
    "two steps by 0.01": 2,
    "two steps by the stored rate": 2,
    "second step": 2,
    "approved": 1,
    "returned": 1,
}


@dataclass
class Plant:
    """One site, and everyone who worked on its requests or might want to decide them."""

    site: Any
    creator: User
    editor: User
    chooser: User
    typist: User
    opener: User
    author: User
    submitter: User
    approver: User
    head: User

    def story(self, quantity: Decimal, price: Decimal, currency: str = "INR", **fate: Any) -> Any:
        """A request on which each did a part, waiting for a decision or past it."""
        line = stories.GOODS_LINE | {"quantity": quantity}
        rfq = drafting.create(
            site_id=self.site.pk, commodity_type="provided_data", title="Bolts", by=self.creator,
            deadline=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        story = stories.Story(rfq, self.creator, self.approver, self.head)
        facts = {"rfq_id": rfq.pk}
        drafting.revise(**facts, version=None, by=self.editor, lines=[line])
        story.suppliers = SupplierFactory.create_batch(2)
        chosen = [one.pk for one in story.suppliers]
        sourcing.choose_suppliers(**facts, supplier_ids=chosen, by=self.chooser)
        sourcing.publish(**facts, by=self.creator)
        rfq.refresh_from_db()
        for supplier, extra in zip(story.suppliers, (0, 1), strict=True):
            stories.quote(story, supplier, price + extra, by=self.typist, currency=currency)
        opening.begin_evaluation(**facts, by=self.opener)
        quotation = rfq.quotations.get(supplier=story.suppliers[0])
        picks = [awarding.Pick(rfq.lines.get().pk, quotation.pk)]
        awarding.save_draft(**facts, picks=picks, by=self.author)
        awarding.submit(**facts, by=self.submitter, reasons=stories.ALL_REASONS)
        if fate.get("signed") or fate.get("ended"):
            verb = deciding.send_back if fate.get("ended") == "returned" else deciding.approve
            story.decide(verb, self.approver, comment=WHY)
        return story

    def outsiders(self) -> dict[str, User]:
        """Everyone who must not decide anything here, each with every role they could have."""
        workers = (
            "creator", "editor", "chooser", "typist", "opener", "author", "submitter",
        )  # fmt: skip
        people = {name: getattr(self, name) for name in workers}
        people |= {f"deputy of {name}": deputy_of(person) for name, person in people.items()}
        contact = ContactFactory(user=UserFactory(roles=[Role.SUPPLIER.value], sites=[self.site]))
        return people | {
            "approver elsewhere": ApproverFactory(sites=[SiteFactory()]),
            "inactive approver": ApproverFactory(sites=[self.site], is_active=False),
            "inactive head": HeadFactory(is_active=False),
            "supplier": contact.user,
            "superuser": UserFactory(is_superuser=True, is_staff=True, sites=[self.site]),
            "back office": UserFactory(is_staff=True, sites=[self.site]),
            "auditor": UserFactory(roles=[Role.AUDITOR.value], sites=[self.site]),
            "pricing": UserFactory(roles=[Role.PRICING.value], sites=[self.site]),
            "buyer": BuyerFactory(sites=[self.site]),
            "nobody in particular": UserFactory(sites=[self.site]),
        }


def deputy_of(person: User) -> User:
    """Somebody whose only right would be that of the one who worked on it."""
    deputy, now = ApproverFactory(), timezone.now()
    Delegation.objects.create(
        person=person, deputy=deputy, starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    return deputy


@pytest.fixture
def plant(settings):
    """Everybody who works here also approves, and is a superuser besides."""
    UnitFactory()
    RateFactory(currency="USD", rate_to_base=Decimal("84.000000"))
    settings.REAUTHENTICATE_ABOVE = "100000000"
    site = SiteFactory()
    names = ("creator", "editor", "chooser", "typist", "opener", "author", "submitter")
    workers = {
        name: UserFactory(roles=EVERYTHING, sites=[site], is_superuser=True, is_staff=True)
        for name in names
    }
    return Plant(site, **workers, approver=ApproverFactory(sites=[site]), head=HeadFactory())


def by_action(story: Any, person: User, data: dict[str, Any]) -> str:
    """Call the verbs themselves."""
    for verb in VERBS.values():
        facts = {"rfq_id": story.rfq.pk, "by": person, "comment": WHY, "fresh": True}
        try:
            verb(**facts, seen=data["seen"], step_id=data["step"])
        except DomainError:
            continue
        return "done"
    return "refused"


def by_address(story: Any, person: User, data: dict[str, Any], **headers: str) -> str:
    """Post what the form of somebody else would; the other verbs take the same way (test_deciding)."""
    client = Client()
    client.force_login(person)
    address = reverse("rfqs:approve", args=[story.rfq.number])
    answer = client.post(address, data, headers=headers)
    if answer.status_code in (401, 403, 404, 409):
        return "refused"
    signed_out = answer.status_code == 302 and "/login/" in answer.url
    return "refused" if signed_out else str(answer.status_code)


def in_the_back_office(client: Client, story: Any) -> set[int]:
    """Whatever the admin offers for deciding."""
    step, asked = story.request.steps.order_by("sequence").last(), story.request
    targets = [
        "/admin/rfqs/decision/add/",
        f"/admin/rfqs/approvalrequest/{asked.pk}/change/",
        f"/admin/rfqs/rfq/{story.rfq.pk}/change/",
        f"/admin/rfqs/award/{asked.award_id}/change/",
    ]
    data = {
        "status": "approved", "outcome": "approved", "step": step.pk, "request": asked.pk,
        "rfq": story.rfq.pk, "comment": WHY, "content_hash": asked.content_hash, "_save": "Save",
        "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 1, "steps-0-id": step.pk,
        "steps-0-status": "approved",
    }  # fmt: skip
    return {client.post(target, data).status_code for target in targets}


def state(story: Any) -> tuple[Any, ...]:
    """All that a decision would change."""
    asked = story.request
    steps = list(asked.steps.order_by("sequence").values_list("sequence", "status"))
    status = RFQ.objects.values_list("status", flat=True).get(pk=story.rfq.pk)
    return status, asked.status, asked.award.status, steps, Decision.objects.count()


@pytest.mark.parametrize("request_name", REQUESTS)
def test_nobody_who_must_not_decide_does(request_name, plant):
    story = plant.story(**REQUESTS[request_name])
    people = plant.outsiders()
    if request_name != "second step":
        people["head before the approver"] = plant.head
    if request_name in ("second step", "approved", "returned"):
        plant.approver.roles = [Role.APPROVER.value, Role.HEAD.value]
        plant.approver.save(update_fields=["roles"])
        people["decided the step before"] = plant.approver
    step = story.request.steps.filter(status="active").first()
    step = step or story.request.steps.order_by("sequence").last()
    data = {"step": step.pk, "seen": story.request.content_hash, "comment": WHY}
    before = state(story)

    outcomes = {
        (name, way): act(story, person, data)
        for name, person in people.items()
        for way, act in {
            "action": by_action,
            "page": by_address,
            "fragment": lambda *facts: by_address(*facts, **{"HX-Request": "true"}),
        }.items()
    }

    assert {key: how for key, how in outcomes.items() if how != "refused"} == {}
    assert story.request.steps.count() == STEPS[request_name]
    assert state(story) == before
    assert len(outcomes) == 3 * len(people) >= 72


@pytest.mark.parametrize("request_name", ["one step", "second step"])
def test_the_back_office_has_no_way_to_decide(request_name, plant):
    story = plant.story(**REQUESTS[request_name])
    before = state(story)
    master = UserFactory(is_superuser=True, is_staff=True, roles=EVERYTHING, sites=[plant.site])

    assert in_the_back_office(entered(master), story) <= {403, 404, 405}
    assert state(story) == before


@pytest.mark.parametrize("request_name", ["one step", "two steps by 0.01", "second step"])
def test_control_those_who_should_decide_do(request_name, plant):
    story = plant.story(**REQUESTS[request_name])
    asked = story.request
    step = asked.steps.get(status="active")
    person = plant.head if step.role == Role.HEAD else plant.approver
    data = {"step": step.pk, "seen": asked.content_hash, "comment": WHY}

    assert by_address(story, person, data) == "302"
    assert Decision.objects.filter(step=step, by=person).count() == 1
