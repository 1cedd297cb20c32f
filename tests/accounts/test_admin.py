"""People and sites in the back office."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from accounts.models import Role, Site, User
from quoteflow.audit.models import AuditEvent
from quoteflow.notifications.models import OutboxMessage
from tests.backoffice import as_posted, entered, staff
from tests.factories import PASSWORD, BuyerFactory, HeadFactory, SiteFactory, UserFactory


@pytest.fixture
def clerk(db):
    return staff()


@pytest.fixture
def root(db):
    return staff(is_superuser=True)


def page(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/change/"


def change(by: User, user: User, **changes):
    client = entered(by)
    return client.post(page(user), as_posted(client, page(user)) | changes)


def test_roles_and_sites_are_given_and_told_by_id(clerk):
    site, person = SiteFactory(), UserFactory()

    answer = change(clerk, person, roles=["buyer"], sites=[site.pk], full_name="Asha Rao")

    person.refresh_from_db()
    event = AuditEvent.objects.get(object_id=person.pk)
    assert answer.status_code == 302
    assert (person.roles, person.own_site_ids) == (["buyer"], [site.pk])
    assert (event.verb, event.actor) == ("user.change", clerk)
    assert event.before == {"roles": [], "sites": [], "full_name": "personal"}
    assert event.after == {"roles": ["buyer"], "sites": [str(site.pk)], "full_name": "personal"}


def test_a_new_person_has_no_password_until_the_mail_came(clerk):
    client = entered(clerk)
    facts = {"email": "New.Person@Example.com", "full_name": "New Person", "is_active": "on"}

    client.post("/admin/accounts/user/add/", facts)

    person = User.objects.get(email="new.person@example.com")
    assert (person.has_usable_password(), person.is_staff) == (False, False)
    assert AuditEvent.objects.get(object_id=person.pk).verb == "user.create"


def test_the_reset_mail_goes_to_the_chosen_and_active(clerk):
    chosen, gone = UserFactory(), UserFactory(is_active=False)
    facts = {"action": "send_password_reset", "_selected_action": [chosen.pk, gone.pk]}

    entered(clerk).post("/admin/accounts/user/", facts)

    sent = OutboxMessage.objects.values_list("kind", "recipient")
    assert list(sent) == [("password_reset", chosen.email)]
    assert AuditEvent.objects.get(verb="user.reset_mail").object_id == str(chosen.pk)


def test_no_page_shows_a_password_or_its_hash(root):
    client, person = entered(root), UserFactory()

    shown = client.get(page(person)).text + client.get("/admin/accounts/user/").text

    assert "password" not in client.get(page(person)).context["adminform"].form.fields
    assert person.password not in shown
    assert person.password.split("$")[-1] not in shown


@pytest.mark.parametrize(
    "question", ["password__startswith=md5", "email__startswith=a", "headed_sites__code=A001"]
)
def test_an_address_asks_nothing_the_page_does_not_offer(clerk, question):
    assert entered(clerk).get(f"/admin/accounts/user/?{question}").status_code == 400


@pytest.mark.parametrize("field", ["is_staff", "is_superuser", "groups"])
def test_staff_cannot_forge_rights(clerk, field):
    person, group = UserFactory(), Group.objects.create(name="any")

    change(clerk, person, **{field: [group.pk] if field == "groups" else "on"})

    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)


def test_a_superuser_gives_rights(root):
    person = UserFactory()

    change(root, person, is_staff="on")

    person.refresh_from_db()
    assert person.is_staff


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_changes_their_own_rights(db, is_superuser):
    person = staff(is_superuser=is_superuser, roles=["buyer"])
    client = entered(person)
    facts = as_posted(client, page(person)) | {"roles": ["head"], "full_name": "Still Me"}

    client.post(page(person), facts)

    person.refresh_from_db()
    assert (person.full_name, person.roles, person.is_active) == ("Still Me", ["buyer"], True)
    assert (person.is_staff, person.is_superuser) == (True, is_superuser)


def test_staff_does_not_touch_a_superuser(clerk, root):
    client = entered(clerk)

    assert client.post(page(root), {"email": "mine@example.com"}).status_code == 403
    assert client.post(page(root).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_saving_insists_whatever_the_form_let_through(clerk):
    person = UserFactory()
    request = RequestFactory().post("/")
    request.user = clerk
    options = admin.site.get_model_admin(User)
    form = options.get_form(request, person)(instance=person)
    form.changed_data = ["is_superuser"]

    with pytest.raises(PermissionDenied):
        options.save_model(request, person, form, change=True)


@pytest.mark.parametrize("roles", [["supplier", "buyer"], ["supplier"]])
def test_a_suppliers_person_is_nothing_else(root, roles):
    person = UserFactory(is_staff=roles == ["supplier"])

    answer = change(root, person, roles=roles)

    errors = answer.context["adminform"].form.non_field_errors()
    assert errors[0] == "A supplier's person holds no other role and is never back office."


def test_an_inactive_person_is_signed_out_at_the_next_request(clerk):
    person = BuyerFactory(sites=[SiteFactory()])
    client = entered(person)
    assert client.get("/accounts/logout/").status_code == 200
    office = entered(clerk)
    facts = as_posted(office, page(person))
    facts.pop("is_active")

    office.post(page(person), facts)

    assert client.get("/rfqs/").url == "/accounts/login/?next=/rfqs/"
    assert not client.login(email=person.email, password=PASSWORD)


def test_who_did_something_is_not_deleted(clerk):
    person = staff()
    change(person, UserFactory(), full_name="Changed")

    entered(clerk).post(page(person).replace("change", "delete"), {"post": "yes"})

    assert User.objects.filter(pk=person.pk).exists()


def test_who_did_nothing_is_deleted_with_a_trace(clerk):
    person = UserFactory()

    entered(clerk).post(page(person).replace("change", "delete"), {"post": "yes"})

    assert not User.objects.filter(pk=person.pk).exists()
    event = AuditEvent.objects.get(object_id=person.pk)
    assert (event.verb, event.before["email"]) == ("user.delete", "personal")
    assert "password" not in event.before


SITE = {
    "code": "A009", "name": "Nashik plant", "country": "IN", "time_zone": "Asia/Kolkata",
    "minimum_bids": "2", "minimum_lead_minutes": "60", "gstin": "27AAPFU0939F1ZV", "is_active": "on",
}  # fmt: skip


def test_a_site_is_written_down(clerk):
    entered(clerk).post("/admin/accounts/site/add/", SITE)

    site = Site.objects.get(code="A009")
    assert (site.country, site.gstin) == ("IN", "27AAPFU0939F1ZV")
    assert AuditEvent.objects.get(object_id=site.pk).after["minimum_bids"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gstin", "27AAPFU0939F1ZX"),
        ("country", "XX"),
        ("time_zone", "Asia/Poona"),
        ("code", "a 9"),
        ("minimum_bids", "0"),
    ],
)
def test_a_site_says_what_is_wrong(clerk, field, value):
    answer = entered(clerk).post("/admin/accounts/site/add/", SITE | {field: value})

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Site.objects.exists()


def test_the_head_of_a_site_is_a_head(clerk):
    answer = entered(clerk).post("/admin/accounts/site/add/", SITE | {"head": clerk.pk})
    assert list(answer.context["adminform"].form.errors) == ["head"]

    head = HeadFactory()
    entered(clerk).post("/admin/accounts/site/add/", SITE | {"head": head.pk})
    assert Site.objects.get().head == head


def test_a_site_with_people_is_retired_not_deleted(clerk):
    site = SiteFactory()
    UserFactory(sites=[site], roles=[Role.BUYER.value])

    answer = entered(clerk).post(f"/admin/accounts/site/{site.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert Site.objects.filter(pk=site.pk).exists()
