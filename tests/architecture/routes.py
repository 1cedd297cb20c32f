"""Every address of the site, and a request in the state that makes it answer."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Role, User
from rfqs.actions import sourcing
from rfqs.actions.attaching import attach
from rfqs.models import RFQ, ApprovalPolicy, Item
from tests import stories
from tests.applying import Applying, applying
from tests.asking import asked
from tests.conftest import signed_in
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    ContactFactory,
    HeadFactory,
    ItemFactory,
    SiteFactory,
    UserFactory,
)
from tests.stories import Story

ROLES = (
    "buyer", "elsewhere", "approver", "head", "pricing", "auditor", "staff", "supplier", "anonymous"
)  # fmt: skip
# The state of the request that an address is asked for, where it is not one under approval.
STATES = {
    "ask_review": "drafted", "take_back": "drafted",
    "edit": "drafted", "autosave": "drafted", "suppliers": "drafted", "check": "drafted", "publish": "drafted",
    "invitations": "drafted",
    "extend": "opened", "close": "opened", "quotation_new": "opened", "attach": "opened",
    "send_again": "opened", "address": "opened", "copies": "opened", "late": "opened",
    "take_back_late": "opened", "answer": "opened", "amend": "opened",
    "evaluate": "quoted", "disqualify": "picked", "negotiate": "picked", "compare": "picked",
    "save_picks": "picked", "add_rates": "picked", "state_taxes": "picked",
    "scenarios": "picked", "statement": "picked", "letters": "picked", "letter": "picked",
    "award": "picked", "submit": "picked",
    "apd": "approved", "order": "approved", "order_pdf": "approved", "order_issue": "approved",
    "order_preview": "approved",
    "order_acknowledge": "approved", "order_close": "approved", "order_cancel": "approved",
    "cancel_award": "approved", "keep_award": "approved",
}  # fmt: skip


VERDICTS = ("activation_approve", "activation_reject", "activation_return")
WHY = {"reason": "the wrong grade of steel", "comment": "the wrong grade of steel"}


@dataclass
class Plant:
    """A site with its requests, and a browser for everyone who might look at them."""

    requests: dict[str, Story]
    browsers: dict[str, Client]
    item: Item
    applicant: Applying

    def address(self, name: str) -> str:
        """The address called `name`, of a request in the state it needs."""
        space, _colon, short = name.rpartition(":")
        state = "opened" if space == "portal" else STATES.get(short, "submitted")
        story = self.requests[state]
        wanted = WANTED[name]
        given = {
            "number": story.rfq.orders.get().number
            if short.startswith("order") and short != "orders"
            else story.rfq.number,
            "code": self.item.code,
            "pk": self._pk(short, story.rfq),
            "key": "no-such-key",
            "token": "no-such-link",
            "uidb36": "1",
        }
        return reverse(name, kwargs={key: given[key] for key in wanted})

    def data(self, name: str) -> dict[str, Any]:
        """What to post, so that permission alone decides."""
        short = name.rpartition(":")[2]
        if short in ("approve", "reject", "send_back"):
            asked = self.requests["submitted"].request
            return WHY | {"seen": asked.content_hash, "step": asked.steps.get(sequence=1).pk}
        if short in ("disqualify", "cancel", "order_cancel"):
            return dict(WHY)
        if short == "attach":
            return {"kind": "other", "upload": ContentFile(b"note", "note.txt")}
        if short == "answer":
            return {"wording": "Which finish?", "answer": "Zinc plated."}
        if short in ("save_picks", "submit"):
            return {"version": 1}
        return self._verdict() if short in VERDICTS else {}

    def _verdict(self) -> dict[str, Any]:
        said = self.applicant.said()
        return WHY | {"seen": said["seen"], "step": said["step_id"]}

    def status(self, role: str, name: str, method: str) -> int:
        """What the address answers to the role; nothing of it is left afterwards."""
        client = self.browsers[role]
        kept = deepcopy(client.cookies)
        data = self.data(name) if method == "post" else {}
        with transaction.atomic():
            response = getattr(client, method)(self.address(name), data)
            if response.streaming:
                list(response.streaming_content)
            transaction.set_rollback(True)
        client.cookies = kept
        return int(response.status_code)

    def _pk(self, short: str, rfq: RFQ) -> Any:
        if short.startswith(("activation", "inbox_supplier")):
            return self.applicant.supplier.pk
        if short == "download":
            return rfq.attachments.get().pk
        if short in ("quotation", "disqualify"):
            return rfq.quotations.order_by("pk").first().pk
        if short == "answer":
            return rfq.questions.get().pk
        if short in ("send_again", "address", "copies", "late", "take_back_late", "letter"):
            return rfq.invitations.order_by("pk").first().supplier_id
        return self.requests["drafted"].suppliers[0].pk


def plant() -> Plant:
    """Requests in every state at one site, and one person of each role."""
    site = SiteFactory()
    kinds = ("drafted", "opened", "quoted", "picked", "submitted", "approved")
    requests = {kind: getattr(stories, kind)(site=site) for kind in kinds}
    story = requests["submitted"]
    attach(
        rfq_id=story.rfq.pk,
        kind="other",
        upload=ContentFile(b"note", "note.txt"),
        by=story.buyer,
    )
    people = _people(site, requests["drafted"])
    opened, other = requests["opened"], requests["drafted"].suppliers[0].pk
    sourcing.invite(rfq_id=opened.rfq.pk, supplier_ids=[other], by=opened.buyer)
    asked(opened)
    browsers = {role: signed_in(person) for role, person in people.items()}
    applicant = applying()
    ApprovalPolicy.objects.update(is_active=False)  # what runs keeps its steps
    return Plant(requests, browsers | {"anonymous": Client()}, ItemFactory(), applicant)


def _people(site: Any, story: Story) -> dict[str, User]:
    contact = ContactFactory(
        supplier=story.suppliers[0], user=UserFactory(roles=[Role.SUPPLIER.value])
    )
    return {
        "buyer": BuyerFactory(sites=[site]),
        "elsewhere": BuyerFactory(sites=[SiteFactory()]),
        "approver": ApproverFactory(sites=[site]),
        "head": HeadFactory(sites=[site]),
        "pricing": UserFactory(roles=[Role.PRICING.value], sites=[site]),
        "auditor": UserFactory(roles=[Role.AUDITOR.value], sites=[site]),
        "staff": UserFactory(is_staff=True, sites=[site]),
        "supplier": contact.user,
    }


def _walk(resolver: Any, space: str = "") -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            if one.namespace != "admin":
                inner = f"{space}{one.namespace}:" if one.namespace else space
                found += _walk(one, inner)
        else:
            found.append((space + one.name, tuple(one.pattern.converters) or _groups(one)))
    return found


def _groups(one: Any) -> tuple[str, ...]:
    return tuple(one.pattern.regex.groupindex)


def _all() -> dict[str, tuple[str, ...]]:
    """Every name with the values its address needs; those below a number need that too."""
    resolver = get_resolver()
    names = {}
    for name, wanted in _walk(resolver):
        space, _colon, short = name.rpartition(":")
        inner = resolver.namespace_dict[space][1] if space else resolver
        ((_pattern, parameters),) = inner.reverse_dict.getlist(short)[0][0][:1]
        names[name] = tuple(parameters) or wanted
    return names


WANTED = _all()
