"""As test_must_not_decide for awards: publications, cancellations, late quotations, activations (T8)."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from quoteflow.audit import journal
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError
from rfqs.actions import activating, cancelling, deciding, drafting, late, reviewing, sourcing
from rfqs.models import ActivationDecision, ApprovalPolicy, Decision
from tests import lateness, pasts, stories
from tests.applying import applying
from tests.backoffice import as_posted, entered
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    ContactFactory,
    HeadFactory,
    SupplierFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

EVERYTHING = [Role.BUYER.value, Role.APPROVER.value, Role.HEAD.value]
NO = "no, for a reason of ten letters"
TWO = ["approver", "head"]


@dataclass
class Case:
    """What waits at the first of two steps, who worked on it, and how it is decided."""

    story: Any
    workers: dict[str, User]
    verbs: tuple[Any, ...]
    target: dict[str, Any]  # what the verbs call it
    pages: tuple[str, ...]
    admin: tuple[str, ...]

    @property
    def asked(self) -> Any:
        """The approval."""
        return getattr(self.story, "activation", None) or self.story.request

    def said(self) -> dict[str, Any]:
        """What the form of the step that waits holds."""
        step = self.asked.steps.get(status="active")
        return {"step": step.pk, "seen": self.asked.content_hash, "comment": NO}

    def state(self) -> tuple[Any, ...]:
        """All that a decision would change."""
        row = self.story.supplier if "supplier_id" in self.target else self.story.rfq
        row.refresh_from_db()
        steps = list(self.asked.steps.order_by("sequence").values_list("status", flat=True))
        made = Decision.objects.count() + ActivationDecision.objects.count()
        return row.status, self.asked.status, steps, made


def worker(site=None):
    """Everything one can be, and a superuser besides."""
    return UserFactory(
        roles=EVERYTHING, sites=[site] if site else [], is_superuser=True, is_staff=True,
        admits_late=True,
    )  # fmt: skip


def of_request(story, **workers):
    story.rfq.refresh_from_db()
    number = [story.rfq.number]
    verbs = (deciding.approve, deciding.reject, deciding.send_back)
    pages = tuple(reverse(f"rfqs:{verb.__name__}", args=number) for verb in verbs)
    admin = (
        f"/admin/rfqs/approvalrequest/{story.request.pk}/change/", "/admin/rfqs/decision/add/",
        f"/admin/rfqs/rfq/{story.rfq.pk}/change/",
    )  # fmt: skip
    return Case(story, workers, verbs, {"rfq_id": story.rfq.pk}, pages, admin)


def policy(subject):
    ApprovalPolicy.objects.create(name=subject, subject=subject).bands.create(steps=TWO)


def publication():
    story = stories.drafted()
    editor, chooser, asker = (worker(story.site) for _three in range(3))
    drafting.revise(rfq_id=story.rfq.pk, version=None, by=editor, head={"title": "Bolts"})
    chosen = [one.pk for one in story.suppliers[:1]]
    sourcing.choose_suppliers(rfq_id=story.rfq.pk, supplier_ids=chosen, by=chooser)
    policy("publication")
    reviewing.ask_review(rfq_id=story.rfq.pk, by=asker)
    return of_request(story, creator=story.buyer, editor=editor, chooser=chooser, asker=asker)


def cancellation():
    story = stories.approved()
    asker = worker(story.site)
    policy("cancellation")
    cancelling.ask_cancellation(rfq_id=story.rfq.pk, by=asker, reason="the shutdown is called off")
    return of_request(story, author=story.buyer, asker=asker)


def late_quotation():
    story = stories.drafted(lines=[lateness.PRICED], suppliers=3)
    editor, typist, asker = (worker(story.site) for _three in range(3))
    drafting.revise(rfq_id=story.rfq.pk, version=None, by=editor, head={"title": "Bolts"})
    policy("late")
    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    stories.quote(story, story.suppliers[0], "11", by=typist)
    pasts.close(story.rfq)
    late.ask(**lateness.of(story, by=asker, reason=lateness.WHY))
    return of_request(story, creator=story.buyer, editor=editor, typist=typist, asker=asker)


def activation():
    story = applying(*TWO, asked=False)
    asker, author = worker(), worker()
    office, page = entered(author), f"/admin/suppliers/supplier/{story.supplier.pk}/change/"
    office.post(page, as_posted(office, page) | {"city": "Nashik"})
    keeper = worker()
    journal.record("contact.change", story.supplier, by=keeper, after={"name": "X"})
    story.ask(by=asker)
    verbs = (activating.approve, activating.reject, activating.send_back)
    pages = tuple(
        reverse(f"rfqs:activation_{name}", args=[story.supplier.pk])
        for name in ("approve", "reject", "return")
    )
    admin = (
        f"/admin/rfqs/activation/{story.activation.pk}/change/", page,
        "/admin/rfqs/activation/add/",
    )  # fmt: skip
    assert AuditEvent.objects.filter(verb="supplier.change", actor=author).exists()
    workers = {"asker": asker, "author": author, "keeper of contacts": keeper}
    return Case(story, workers, verbs, {"supplier_id": story.supplier.pk}, pages, admin)


SUBJECTS = [publication, cancellation, late_quotation, activation]


def outsiders(case):
    """Everyone who must not decide the first step."""
    site = {"sites": [case.story.site]} if hasattr(case.story, "site") else {}
    standing_in = {
        f"deputy of {name}": lateness.deputy_of(person) for name, person in case.workers.items()
    }
    if not site:  # an approver of any site decides about suppliers, in a right of their own
        ids = [one.pk for one in standing_in.values()]
        User.objects.get_queryset().filter(pk__in=ids).update(roles=[Role.HEAD.value])
        standing_in = {name: User.objects.get(pk=one.pk) for name, one in standing_in.items()}
    elsewhere = {"elsewhere": ApproverFactory()} if site else {}
    company = SupplierFactory(status="pending")
    contact = ContactFactory(
        supplier=company, user=UserFactory(roles=[Role.SUPPLIER.value], **site)
    )
    return {
        **case.workers, **standing_in, **elsewhere,
        "head before the approver": case.story.head,
        "inactive": ApproverFactory(is_active=False, **site),
        "supplier": contact.user,
        "superuser": UserFactory(is_superuser=True, is_staff=True, **site),
        "back office": UserFactory(is_staff=True, **site),
        "auditor": UserFactory(roles=[Role.AUDITOR.value], **site),
        "buyer": BuyerFactory(**site),
    }  # fmt: skip


def by_action(case, verb, person):
    facts = {"comment": NO, "by": person} | case.target
    said = case.said()
    try:
        verb(seen=said["seen"], step_id=said["step"], **facts)
    except DomainError:
        return "refused"
    return "done"


def by_page(page, person, said, **headers):
    client = Client()
    client.force_login(person)
    answer = client.post(page, said, headers=headers)
    signed_out = answer.status_code == 302 and "/login/" in answer.url
    refused = signed_out or answer.status_code in (401, 403, 404, 409)
    return "refused" if refused else str(answer.status_code)


@pytest.mark.parametrize("waits", SUBJECTS)
def test_nobody_who_must_not_decide_does(waits):
    case = waits()
    people, said, before = outsiders(case), case.said(), case.state()

    ended = {}
    for name, person in people.items():
        for verb, page in zip(case.verbs, case.pages, strict=True):
            ended[name, "action", verb.__name__] = by_action(case, verb, person)
            ended[name, "page", page] = by_page(page, person, said)
        fragment = by_page(case.pages[0], person, said, **{"HX-Request": "true"})
        ended[name, "fragment", ""] = fragment

    assert {key: how for key, how in ended.items() if how != "refused"} == {}
    assert case.state() == before
    assert len(ended) == 7 * len(people) >= 77


@pytest.mark.parametrize("waits", SUBJECTS)
def test_the_back_office_has_no_way_to_decide(waits):
    case = waits()
    before, said = case.state(), case.said()
    office = entered(worker())
    data = {
        "status": "approved", "outcome": "approved", "comment": NO, "used_at": "2026-11-25",
        "content_hash": said["seen"], "_save": "Save", "steps-0-status": "approved",
    } | said  # fmt: skip

    answers = []
    for page in case.admin:
        form = as_posted(office, page) if "/supplier/" in page else {}
        changed = data | {"status": "active"} if form else data
        answers.append(office.post(page, form | changed).status_code)

    assert set(answers) <= {200, 403, 404, 405}  # 200: the form of the supplier, with its error
    assert case.state() == before


@pytest.mark.parametrize("waits", SUBJECTS)
def test_who_signed_one_step_signs_no_other_nor_does_their_deputy(waits):
    case = waits()
    first = case.story.approver
    first.roles = [Role.APPROVER.value, Role.HEAD.value]
    first.save(update_fields=["roles"])
    said = case.said()
    assert by_page(case.pages[0], first, said) == "302"
    deputy = lateness.deputy_of(first)
    before, said = case.state(), case.said()

    for person in (first, deputy):
        for verb, page in zip(case.verbs, case.pages, strict=True):
            assert by_action(case, verb, person) == "refused"
            assert by_page(page, person, said) == "refused"

    assert case.state() == before
    assert before[-1] == 1 + (waits is cancellation)  # the award had been decided before


@pytest.mark.parametrize("waits", SUBJECTS)
def test_control_those_who_should_decide_do_by_the_same_pages(waits):
    case = waits()
    HeadFactory()

    for person in (case.story.approver, case.story.head):
        assert by_page(case.pages[0], person, case.said()) == "302"

    assert case.asked.status == "approved"
