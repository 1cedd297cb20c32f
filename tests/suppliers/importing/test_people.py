"""import_users: people, their roles and sites, and suppliers' people at their company."""

import pytest

from accounts.models import User
from quoteflow.audit.models import AuditEvent
from suppliers.models import Contact
from tests.factories import BuyerFactory, ContactFactory, SiteFactory, SupplierFactory
from tests.running import bring_in, refused

pytestmark = pytest.mark.django_db
HEADINGS = "email,full_name,roles,sites,vendor_code\n"


@pytest.fixture
def file(tmp_path):
    def write(rows):
        path = tmp_path / "people.csv"
        path.write_text(HEADINGS + rows, encoding="utf-8")
        return path

    return write


def test_people_are_created_without_a_password_and_a_second_run_changes_nothing(file):
    SiteFactory(code="A001")
    SiteFactory(code="B001")
    company = SupplierFactory(code="V-7")
    path = file(
        "Ravi@Example.com,Ravi Iyer,buyer; approver,a001;B001,\n"
        "root@example.com,Asha Rao,admin,,\n"
        "bob@v7.example,Bob,supplier,,V-7\n"
    )

    assert bring_in("import_users", path).counts == (3, 0, 0)

    ravi, asha, bob = (
        User.objects.get(email=e)
        for e in ("ravi@example.com", "root@example.com", "bob@v7.example")
    )
    assert (ravi.roles, ravi.own_sites[0][1], ravi.is_staff) == (
        ["buyer", "approver"],
        "A001",
        False,
    )
    assert (asha.roles, asha.is_staff, ravi.has_usable_password()) == ([], True, False)
    assert Contact.objects.values_list("supplier", "name", "user").get() == (
        company.pk,
        "Bob",
        bob.pk,
    )
    assert bring_in("import_users", path).counts == (0, 0, 3)


def test_roles_and_sites_become_those_of_the_file_and_the_journal_says_so(file):
    old, new = SiteFactory(code="A001"), SiteFactory(code="B001")
    buyer = BuyerFactory(email="ravi@example.com", full_name="Ravi", sites=[old])

    assert bring_in("import_users", file("ravi@example.com,Ravi,head,B001,\n")).counts == (0, 1, 0)

    buyer.refresh_from_db()
    assert (buyer.roles, list(buyer.sites.all()), buyer.has_usable_password()) == (
        ["head"],
        [new],
        True,
    )
    event = AuditEvent.objects.get(verb="user.import")
    assert (event.before["roles"], event.after["roles"]) == (["buyer"], ["head"])


def test_a_known_contact_gets_the_account(file):
    contact = ContactFactory(supplier=SupplierFactory(code="V-7"), email="Bob@V7.example")

    bring_in("import_users", file("bob@v7.example,Bob,supplier,,V-7\n"))

    contact.refresh_from_db()
    assert contact.user == User.objects.get(email="bob@v7.example")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("ravi,Ravi,buyer,,", "column email: Enter a valid email address."),
        ("r@x.example,Ravi,king,,", ("column roles: “king” is not a role. Write some of: "
         "buyer, approver, head, pricing, supplier, auditor, admin.")),
        ("r@x.example,Ravi,supplier;buyer,,V-7",
         "column roles: A supplier cannot have another role as well."),
        ("r@x.example,Ravi,buyer,Z9,",
         "column sites: There is no site Z9. Import the sites first, or correct the code."),
        ("r@x.example,Ravi,supplier,,",
         "column vendor_code: A person with the role supplier needs the vendor code of the company."),
        ("r@x.example,Ravi,supplier,,V-8",
         "column vendor_code: There is no supplier V-8. Import the suppliers first."),
        ("r@x.example,Ravi,buyer,,V-7",
         "column vendor_code: Only a person with the role supplier has a vendor code. Empty this cell."),
        ("OK@x.example,Again,buyer,,",
         "column email: “ok@x.example” stands on line 2 already. Keep one of the two rows."),
    ],
)  # fmt: skip
def test_a_bad_row_refuses_the_file(file, row, complaint):
    SupplierFactory(code="V-7")

    assert refused("import_users", file(f"ok@x.example,Fine,auditor,,\n{row}\n")) == [
        f"line 3, {complaint}"
    ]
    assert User.objects.count() == 0


def test_a_person_signs_in_for_one_company(file):
    SupplierFactory(code="V-7", name="Seven")
    SupplierFactory(code="V-8")
    bring_in("import_users", file("bob@v7.example,Bob,supplier,,V-7\n"))

    assert refused("import_users", file("bob@v7.example,Bob,supplier,,V-8\n")) == [
        "line 2, column vendor_code: bob@v7.example signs in for Seven already. Use another address."
    ]


def test_a_dry_run_writes_nothing(file):
    outcome = bring_in("import_users", file("r@x.example,Ravi,auditor,,\n"), "--dry-run")

    assert (outcome.counts, User.objects.count()) == ((1, 0, 0), 0)
