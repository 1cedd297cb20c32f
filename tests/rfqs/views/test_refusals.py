"""What the younger forms answer: done, not yours to see or to do, not possible now, not well filled in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import activating, late, opening
from rfqs.models import Activation, LateAdmission, Round
from suppliers.models import Supplier
from tests import lateness, pasts, stories
from tests.applying import applying
from tests.conftest import signed_in
from tests.factories import BuyerFactory, RateFactory, SupplierFactory, UserFactory
from tests.lateness import closed, of
from tests.negotiating import next_round, opened_again
from tests.rfqs.actions.test_copying import peopled

pytestmark = pytest.mark.django_db

WORDS = "the wrong grade of steel"


@dataclass
class Form:
    """A form as who may send it sends it, and how it goes wrong."""

    path: str
    by: User
    data: dict[str, Any]
    lands: str
    spoil: Callable[[], object]  # what makes it impossible
    bad: dict[str, Any] = field(default_factory=dict)  # what makes it badly filled in
    asks: bool = False  # a question, in a dialog where there is htmx
    outsider: bool = (
        False  # whom it is none of the business of: a supplier, not any buyer elsewhere
    )

    def post(self, by: Client | None = None, **options: Any) -> Any:
        """Send it."""
        return (by or signed_in(self.by)).post(self.path, dict(self.data), **options)


def late_asked() -> Form:
    story = closed()
    facts = of(story, reason=WORDS) | {"by": second_of(story)}
    return Form(
        late_page(story), story.buyer, {"reason": WORDS}, overview(story), lambda: late.ask(**facts),
        bad={"reason": ""}, asks=True,
    )  # fmt: skip


def late_confirmed() -> Form:
    story = closed()
    second = second_of(story)
    admission = late.ask(**of(story, reason=WORDS))
    return Form(
        late_page(story), second, {"seen": str(admission.pk)}, overview(story),
        lambda: late.take_back(**of(story)), asks=True,
    )  # fmt: skip


def late_taken_back() -> Form:
    story = lateness.asked()
    return Form(
        f"{late_page(story)}take-back/", story.buyer, {}, overview(story),
        lambda: late.take_back(**of(story)), asks=True,
    )  # fmt: skip


def activation_asked() -> Form:
    story = applying(asked=False)
    page = reverse("rfqs:activation", args=[story.supplier.pk])
    return Form(
        page, story.buyer, {"reason": WORDS}, page, story.ask, bad={"reason": "so"}, outsider=True
    )


def activation_taken_back() -> Form:
    story = applying()
    page = reverse("rfqs:activation", args=[story.supplier.pk])
    return Form(
        f"{page}take-back/", story.buyer, {}, page, lambda: story.decide(activating.approve, story.approver),
        outsider=True,
    )  # fmt: skip


def activation_decided(verb: str) -> Callable[[], Form]:
    def made() -> Form:
        story = applying()
        said, page = story.said(), reverse(f"rfqs:activation_{verb}", args=[story.supplier.pk])
        data = {"seen": said["seen"], "step": said["step_id"], "comment": WORDS}
        return Form(
            page, story.approver, data, "/rfqs/inbox/",
            lambda: activating.take_back(supplier_id=story.supplier.pk, by=story.buyer),
            bad={"comment": "no"} if verb != "approve" else {"step": "x"}, outsider=True,
        )  # fmt: skip

    return made


def copies_chosen() -> Form:
    story = stories.opened(suppliers=1)
    page = reverse("rfqs:copies", args=[story.rfq.number, story.suppliers[0].pk])
    return Form(
        page, story.buyer, {"contacts": [str(peopled(story).pk)]}, overview(story),
        lambda: pasts.close(story.rfq), bad={"contacts": [str(uuid4())]}, asks=True,
    )  # fmt: skip


def rates_added() -> Form:
    story = stories.opened()
    stories.quote(story, story.suppliers[0], "0.5", currency="EUR")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    RateFactory()
    number = [story.rfq.number]
    return Form(
        reverse("rfqs:add_rates", args=number), story.buyer, {}, reverse("rfqs:compare", args=number),
        lambda: next_round(story, 0),
    )  # fmt: skip


def round_begun() -> Form:
    story = stories.evaluated()
    chosen = [str(one.pk) for one in story.suppliers]
    data = {"suppliers": chosen, "deadline": "2030-01-05T17:00", "text": WORDS}
    return Form(
        reverse("rfqs:negotiate", args=[story.rfq.number]), story.buyer, data, overview(story),
        lambda: next_round(story, 0), bad={"deadline": "soon"},
    )  # fmt: skip


def asked_back() -> Form:
    story = next_round(stories.evaluated(), 0)
    page = reverse("rfqs:suppliers", args=[story.rfq.number])
    return Form(
        page, story.buyer, {"s": [str(story.suppliers[1].pk)]}, page, lambda: opened_again(story), bad={"s": []}
    )  # fmt: skip


FORMS = {
    "late_asked": late_asked,
    "late_confirmed": late_confirmed,
    "late_taken_back": late_taken_back,
    "activation_asked": activation_asked,
    "activation_taken_back": activation_taken_back,
    "activation_approve": activation_decided("approve"),
    "activation_reject": activation_decided("reject"),
    "activation_return": activation_decided("return"),
    "copies_chosen": copies_chosen,
    "rates_added": rates_added,
    "round_begun": round_begun,
    "asked_back": asked_back,
}


@pytest.fixture(params=FORMS)
def form(request) -> Form:
    """Each of them in turn."""
    return FORMS[request.param]()


def test_it_is_done_and_the_browser_sees_where(form):
    answer = form.post()

    assert (answer.status_code, answer.headers.get("Location")) == (302, form.lands)


def test_with_htmx_a_question_closes_its_dialog(form, htmx):
    answer = form.post(headers=htmx)

    if form.asks:
        assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, form.lands)
    else:
        assert answer.status_code in (200, 302)


def test_who_may_not_see_it_or_do_it_is_told_no_more(form):
    outsider = UserFactory(roles=[Role.SUPPLIER.value]) if form.outsider else BuyerFactory()
    auditor = UserFactory(roles=[Role.AUDITOR.value])

    answers = [form.post(by).status_code for by in map(signed_in, (outsider, auditor))]

    assert (answers, form.post(Client()).status_code) == ([404, 403], 302)
    assert form.post().status_code == 302  # nothing of it was done


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_what_is_not_possible_now_is_refused_and_what_was_typed_stays(form, headers):
    form.spoil()

    answer = form.post(headers=headers)

    assert answer.status_code == 409
    if WORDS in map(str, form.data.values()):
        assert WORDS in answer.content.decode()


@pytest.mark.parametrize("name", [
    "late_asked", "activation_asked", "activation_approve", "activation_reject", "activation_return",
    "copies_chosen", "round_begun", "asked_back",
])  # fmt: skip
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_what_is_badly_filled_in_comes_back_with_it(name, headers):
    form = FORMS[name]()
    form.data |= form.bad

    answer = form.post(headers=headers)

    text = answer.content.decode()
    typed = [str(one) for one in form.data.values() if isinstance(one, str)]
    assert (answer.status_code, 'role="alert"' in text) == (422, True)
    assert [one for one in typed if one not in text] == []


@pytest.mark.parametrize(("name", "place"), [
    ("late_asked", "id_reason"), ("activation_asked", "id_reason"), ("activation_reject", "id_comment"),
    ("round_begun", "id_deadline"), ("copies_chosen", "id_contacts"),
])  # fmt: skip
def test_an_error_stands_beside_its_field(name, place):
    form = FORMS[name]()
    form.data |= form.bad

    assert f'id="{place}_error"' in form.post().content.decode()


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("late_asked", LateAdmission),
        ("activation_asked", Activation),
        ("round_begun", Round),
        ("copies_chosen", OutboxMessage),
        ("asked_back", OutboxMessage),
    ],
)
def test_a_double_click_makes_one(name, made):
    form = FORMS[name]()
    form.data["once"] = str(uuid4())
    before = made.objects.count()

    first, second = form.post(), form.post()

    assert (first.status_code, second.status_code, second.url) == (302, 302, form.lands)
    assert made.objects.count() == before + 1


def test_only_the_wish_that_was_shown_is_confirmed():
    """A reason that nobody has read yet is confirmed by nobody."""
    form = late_confirmed()
    admission = LateAdmission.objects.get()
    story = {"rfq_id": admission.invitation.rfq_id, "supplier_id": admission.invitation.supplier_id}
    late.take_back(**story, by=admission.asked_by)
    late.ask(**story, by=admission.asked_by, reason="for quite another reason")

    anew = form.post()
    asking = signed_in(form.by).post(form.path, {"reason": WORDS})

    assert (anew.status_code, "for quite another reason" in anew.content.decode()) == (409, True)
    assert (asking.status_code, WORDS in asking.content.decode()) == (409, True)
    assert not LateAdmission.objects.filter(confirmed_by__isnull=False).exists()


def test_a_supplier_who_cannot_be_asked_back_says_why():
    form = asked_back()
    gone = SupplierFactory(status="suspended")

    answer = signed_in(form.by).post(form.path, {"s": [str(gone.pk)]})

    assert (answer.status_code, gone.name in answer.content.decode()) == (422, True)
    assert Supplier.objects.get(pk=gone.pk).status == "suspended"


def overview(story: Any) -> str:
    """The page of the request."""
    return reverse("rfqs:detail", args=[story.rfq.number])


def late_page(story: Any) -> str:
    """Where a late quotation of the second supplier is asked for and confirmed."""
    return reverse("rfqs:late", args=[story.rfq.number, story.suppliers[1].pk])


def second_of(story: Any) -> User:
    """Another buyer of the site with the same right."""
    return BuyerFactory(sites=[story.site], admits_late=True)
