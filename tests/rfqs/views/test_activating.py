"""The pages of a supplier that is to become active, and the inbox of who decides."""

import pytest
from django.urls import reverse

from accounts.models import Role
from rfqs.actions import activating
from suppliers.models import Supplier
from tests.applying import NO, WHY, applying
from tests.backoffice import staff
from tests.conftest import signed_in
from tests.factories import SupplierFactory, UserFactory
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db


def page(story, verb=""):
    return reverse(f"rfqs:activation{verb}", args=[story.supplier.pk])


def item(story):
    return reverse("rfqs:inbox_supplier", args=[story.supplier.pk])


def read(answer):
    return " ".join(answer.content.decode().split())


def post(story, verb, by, **changes):
    said = story.said()
    facts = {"step": said["step_id"], "seen": said["seen"], "comment": NO}
    return signed_in(by).post(page(story, verb), facts | changes)


@pytest.mark.parametrize("who", ["buyer", "back office"])
def test_it_is_asked_for_and_taken_back_on_its_page(who):
    story = applying("approver", "head", asked=False)
    browser = signed_in(story.buyer if who == "buyer" else staff())

    shown = read(browser.get(page(story)))
    short = browser.post(page(story), {"reason": "so"})
    answer = browser.post(page(story), {"reason": WHY})

    assert "By the policy “New suppliers” these decide: Approver, Head." in shown
    assert (short.status_code, answer.status_code, answer.url) == (422, 302, page(story))
    assert WHY in read(browser.get(page(story)))
    assert browser.post(page(story), {"reason": WHY}).status_code == 409
    assert browser.post(page(story, "_take_back")).status_code == 302
    assert browser.post(page(story, "_take_back")).status_code == 409


def test_the_inbox_leads_to_it_and_the_decision_is_made_there():
    story = applying()
    approver = signed_in(story.approver)
    inbox = read(approver.get("/rfqs/inbox/"))
    assert f'href="{item(story)}?tab=waiting' in inbox
    assert "1 waits for you" in inbox
    assert ">1<" in approver.get("/rfqs/inbox/count/").content.decode().replace("\n", "")

    assert post(story, "_reject", story.approver, comment="no").status_code == 422
    assert NO not in read(approver.get(page(story)))
    said = story.said()
    facts = {"step": said["step_id"], "seen": said["seen"]}
    answer = approver.post(page(story, "_approve"), facts, follow=True)

    story.supplier.refresh_from_db()
    assert (answer.redirect_chain, story.supplier.status) == ([("/rfqs/inbox/", 302)], "active")
    assert "is active and can be asked for prices" in read(answer)
    assert story.supplier.name in read(approver.get("/rfqs/inbox/?tab=decided"))
    assert story.supplier.name not in read(approver.get("/rfqs/inbox/"))
    assert post(story, "_approve", story.approver).status_code == 409


def test_beside_the_list_stands_what_is_open_and_the_decision_is_made_there():
    story = applying("approver", "head")
    approver = signed_in(story.approver)
    begin = f'hx-get="{item(story)}?tab=waiting&amp;approval={story.activation.pk}"'
    shown = read(approver.get(item(story), headers={"HX-Request": "true"}))
    said = story.said()
    facts = {"step": said["step_id"], "seen": said["seen"]}

    assert begin in read(approver.get("/rfqs/inbox/"))
    assert shown.startswith('<div id="inbox">')
    assert all(part in shown for part in (WHY, "Step 1 of 2, due ", 'aria-current="true"'))
    short = approver.post(page(story, "_reject"), facts, headers={"HX-Request": "true"})
    answer = approver.post(page(story, "_approve"), facts, headers={"HX-Request": "true"})
    again = approver.post(page(story, "_approve"), facts, headers={"HX-Request": "true"})

    assert [one.status_code for one in (short, answer, again)] == [422, 200, 409]
    assert "The next step is asked now." in read(answer)
    assert answer["HX-Trigger"] == '{"qf:tick": {}}'
    assert f"{story.approver} was quicker" in read(again)
    assert read(again).startswith('<section id="decision"')


def test_the_page_of_an_earlier_one_is_that_one():
    story = applying()
    story.decide(activating.reject, story.approver)
    earlier = story.activation
    story.ask(reason="they have shown their papers")
    browser = signed_in(story.approver)

    assert WHY in read(browser.get(item(story), {"approval": earlier.pk}))
    assert "they have shown their papers" in read(browser.get(item(story)))
    never = SupplierFactory(status="inactive")
    assert browser.get(reverse("rfqs:inbox_supplier", args=[never.pk])).status_code == 404


def test_who_may_not_decide_reads_why():
    story = applying("approver", "head")

    assert "This step waits for an approver." in read(signed_in(story.head).get(page(story)))
    assert post(story, "_approve", story.head).status_code == 403
    assert post(story, "_return", story.buyer).status_code == 403
    assert story.supplier.name in read(signed_in(story.head).get("/rfqs/inbox/?tab=all"))
    assert story.supplier.name not in read(signed_in(story.head).get("/rfqs/inbox/"))


def test_what_changed_meanwhile_is_shown():
    story = applying()
    story.supplier.gstin = "27AAPFU0939F1ZV"
    story.supplier.save()

    answer = post(story, "_approve", story.approver)

    assert answer.status_code == 409
    assert "Supplier, gstin</th><td>—</td><td>27AAPFU0939F1ZV</td>" in read(answer)
    assert "Voided" in read(answer)


def test_what_was_shown_while_it_was_changed_is_not_what_is_approved():
    story = applying()
    browser = signed_in(story.approver)
    Supplier.objects.filter(pk=story.supplier.pk).update(gstin="27AAPFU0939F1ZV")
    shown = browser.get(item(story))
    said = shown.context["form"].initial
    Supplier.objects.filter(pk=story.supplier.pk).update(gstin=story.supplier.gstin)

    answer = browser.post(page(story, "_approve"), said)

    assert "The supplier changed after this was asked for" in read(shown)
    assert answer.status_code == 409
    assert "This is not the one you were shown." in read(answer)
    assert story.activation.status == "pending"
    again = browser.get(item(story))
    assert "The supplier changed after" not in read(again)
    assert browser.post(page(story, "_approve"), again.context["form"].initial).status_code == 302


def test_a_supplier_that_is_not_active_says_so_and_leads_there():
    active, story = SupplierFactory(), applying(asked=False)
    browser = signed_in(story.buyer)

    assert page(story) in read(browser.get(f"/suppliers/{story.supplier.pk}/"))
    assert "activations/" not in read(browser.get(f"/suppliers/{active.pk}/"))


def test_suppliers_see_nothing_of_it():
    story = applying()
    outsiders = UserFactory(roles=[Role.SUPPLIER.value]), UserFactory()

    assert [signed_in(one).get(page(story)).status_code for one in outsiders] == [404, 404]


@pytest.mark.parametrize("count", [1, 20])
def test_the_inbox_takes_as_many_statements_however_many_wait(count):
    story = applying(asked=False)
    for supplier in SupplierFactory.create_batch(count, status="pending"):
        story.ask(supplier_id=supplier.pk)
    browser = signed_in(story.approver)
    browser.get("/rfqs/inbox/")

    with statements() as asked:
        answer = browser.get("/rfqs/inbox/")

    assert answer.content.decode().count("Activation of a supplier") == count
    assert len(asked) <= 8


def test_the_journal_tells_it_in_words():
    story = applying()
    story.decide(activating.approve, story.approver)
    auditor = signed_in(UserFactory(roles=[Role.AUDITOR.value]))

    told = read(auditor.get(f"/rfqs/journal/?thing={story.supplier.pk}"))

    assert "made the supplier active" in told
    assert "asked for the activation of the supplier" in told
