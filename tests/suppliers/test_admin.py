"""Suppliers in the back office."""

import pytest

from accounts.models import Role, User
from quoteflow.audit.models import AuditEvent
from rfqs.actions import activating
from suppliers.models import Contact, Supplier
from tests import stories
from tests.applying import policy
from tests.backoffice import as_posted, entered, staff
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    ContactFactory,
    SupplierFactory,
    UserFactory,
)


@pytest.fixture
def office(db):
    return entered(staff())


def page(supplier: Supplier) -> str:
    return f"/admin/suppliers/supplier/{supplier.pk}/change/"


def test_a_change_is_told_without_what_is_personal(office):
    contact = ContactFactory()
    supplier = contact.supplier
    facts = as_posted(office, page(supplier)) | {
        "status": "suspended",
        "email": "else@supplier.example.com",
        "contacts-0-phone": "12345",
    }

    office.post(page(supplier), facts)

    events = AuditEvent.objects.filter(stream=supplier.pk).order_by("seq")
    assert [(e.verb, e.before, e.after) for e in events] == [
        (
            "supplier.change",
            {"status": "active", "email": "personal"},
            {"status": "suspended", "email": "personal"},
        ),
        ("contact.change", {"phone": "personal"}, {"phone": "personal"}),
    ]


def test_a_contact_that_leaves_is_told(office):
    contact = ContactFactory()
    facts = as_posted(office, page(contact.supplier)) | {"contacts-0-DELETE": "on"}

    office.post(page(contact.supplier), facts)

    event = AuditEvent.objects.get(stream=contact.supplier.pk)
    assert (event.verb, event.object_id) == ("contact.delete", str(contact.pk))
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("gstin", "27AAPFU0939F1ZX"), ("currency", "XXX"), ("country", "XX"), ("rating", "6")],
)
def test_a_supplier_says_what_is_wrong(office, field, value):
    supplier = SupplierFactory()

    answer = office.post(page(supplier), as_posted(office, page(supplier)) | {field: value})

    assert answer.status_code == 200
    assert len(answer.context["errors"]) == 1


def test_staff_is_no_suppliers_account(office):
    contact, clerk = ContactFactory(), UserFactory()
    account = UserFactory(roles=[Role.SUPPLIER.value])
    facts = as_posted(office, page(contact.supplier))

    refused = office.post(page(contact.supplier), facts | {"contacts-0-user": clerk.pk})
    taken = office.post(page(contact.supplier), facts | {"contacts-0-user": account.pk})

    contact.refresh_from_db()
    assert (refused.status_code, taken.status_code, contact.user) == (200, 302, account)


def test_one_contact_is_the_primary(office):
    first = ContactFactory()
    ContactFactory(supplier=first.supplier, is_primary=False)
    facts = as_posted(office, page(first.supplier))
    facts |= {"contacts-0-is_primary": "on", "contacts-1-is_primary": "on"}

    answer = office.post(page(first.supplier), facts)

    assert answer.context["errors"] == ["Only one contact can be the primary one."]


def test_the_list_is_searched_word_by_word(office):
    SupplierFactory(name="Deccan Fasteners", city="Pune")
    SupplierFactory(name="Deccan Paints", city="Nashik")

    listed = office.get("/admin/suppliers/supplier/?q=deccan+pune")

    assert [s.name for s in listed.context["cl"].result_list] == ["Deccan Fasteners"]


def test_a_supplier_that_was_asked_stays(office):
    story = stories.drafted()
    supplier = story.suppliers[0]

    office.post(f"/admin/suppliers/supplier/{supplier.pk}/delete/", {"post": "yes"})

    assert Supplier.objects.filter(pk=supplier.pk).exists()


def test_where_a_policy_asks_the_back_office_makes_no_supplier_active(office):
    supplier, active = SupplierFactory(status="suspended"), SupplierFactory()
    policy()

    refused = office.post(page(supplier), as_posted(office, page(supplier)) | {"status": "active"})
    kept = office.post(page(active), as_posted(office, page(active)) | {"name": "Else"})
    fresh = as_posted(office, "/admin/suppliers/supplier/add/") | {"code": "V-9", "name": "Nine"}
    added = office.post("/admin/suppliers/supplier/add/", fresh)
    barred = office.post(
        "/admin/suppliers/supplier/add/", fresh | {"code": "V-8", "status": "active"}
    )

    answers = [one.status_code for one in (refused, kept, added, barred)]
    assert answers == [200, 302, 302, 200]
    assert "A policy asks for an approval" in refused.content.decode()
    assert f"/rfqs/activations/{supplier.pk}/" in office.get(page(supplier)).content.decode()
    assert f"/rfqs/activations/{active.pk}/" not in office.get(page(active)).content.decode()
    assert Supplier.objects.get(code="V-9").status == "pending"


def test_who_wrote_a_supplier_in_the_back_office_never_decides_on_it(office):
    policy()
    fresh = as_posted(office, "/admin/suppliers/supplier/add/") | {"code": "V-9", "name": "Nine"}
    office.post("/admin/suppliers/supplier/add/", fresh)
    clerk = User.objects.get(is_staff=True)
    ApproverFactory()

    made = activating.ask(
        supplier_id=Supplier.objects.get(code="V-9").pk, by=BuyerFactory(), reason="a new maker"
    )

    assert clerk.pk in made.barred
