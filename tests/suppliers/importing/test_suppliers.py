"""import_suppliers: companies by vendor code, in few statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suppliers.models import Contact, Supplier
from tests.applying import policy
from tests.factories import ContactFactory, SupplierFactory
from tests.running import bring_in, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "suppliers.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_suppliers_are_created_and_a_second_run_changes_nothing(file):
    path = file(
        "Vendor Code,Vendor Name,Contact Person,E-mail,PIN code,GST No,Country,Status\n"
        "V-1,Alpha,Asha Rao,a@alpha.example,411001,27AAPFU0939F1ZV,,\n"
        "V-2,Beta GmbH,,,10115,,Germany,suspended\n"
    )

    assert bring_in("import_suppliers", path).counts == (2, 0, 0)

    columns = ("code", "name", "email", "postal_code", "gstin", "country", "currency", "status")
    assert list(Supplier.objects.order_by("code").values_list(*columns)) == [
        ("V-1", "Alpha", "a@alpha.example", "411001", "27AAPFU0939F1ZV", "IN", "INR", "active"),
        ("V-2", "Beta GmbH", "", "10115", "", "DE", "INR", "suspended"),
    ]
    assert Contact.objects.values_list("name", "email", "is_primary").get() == (
        "Asha Rao",
        "a@alpha.example",
        True,
    )
    assert bring_in("import_suppliers", path).counts == (0, 0, 2)


@pytest.mark.parametrize("column", ["", ",status"])
def test_no_file_makes_a_supplier_active_where_that_is_approved(file, column):
    SupplierFactory(code="V-1", name="Old")
    SupplierFactory(code="V-2", status="suspended")
    policy()
    cell = ",active" if column else ""
    path = file(f"code,name{column}\nV-1,New{cell}\nV-2,Two{cell}\nV-3,Three{cell}\n")

    run = bring_in("import_suppliers", path)

    assert run.counts == (1, 2, 0)
    statuses = dict(Supplier.objects.values_list("code", "status"))
    assert statuses == {"V-1": "active", "V-2": "suspended", "V-3": "pending"}
    assert "a policy asks for an approval" in run.out
    assert bring_in("import_suppliers", path).counts == (0, 0, 3)


def test_a_file_may_still_suspend_where_activations_are_approved(file):
    SupplierFactory(code="V-1", name="One")
    policy()

    run = bring_in("import_suppliers", file("code,name,status\nV-1,One,suspended\n"))

    assert Supplier.objects.get().status == "suspended"
    assert "asks for an approval" not in run.out


def test_a_known_supplier_is_updated_as_far_as_the_file_has_columns(file):
    supplier = SupplierFactory(code="V-1", name="Old", city="Pune")
    contact = ContactFactory(supplier=supplier, name="Old person")

    assert bring_in("import_suppliers", file("code,name\nV-1,New\n")).counts == (0, 1, 0)
    assert bring_in("import_suppliers", file("code,name,contact\nV-1,New,New person\n")).counts == (
        0,
        1,
        0,
    )

    supplier.refresh_from_db()
    contact.refresh_from_db()
    assert (supplier.name, supplier.city, contact.name) == ("New", "Pune", "New person")


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        (",X,,,,", "column vendor_code: This field is required."),
        ("V-1,X,,,,", "column vendor_code: “V-1” stands on line 2 already. Keep one of the two rows."),
        ("V-2,X,a@b@c,,,", "column email: Enter a valid email address."),
        ("V-2,X,,27AAPFU0939F1ZW,,", ("column gstin: The last character of 27AAPFU0939F1ZW does not match "
         "the rest, so one character is mistyped. Compare it with the registration certificate.")),
        ("V-2,X,,,RS,", ("column currency: “RS” is not a currency. Write its three letters (ISO 4217), such as "
         "INR.")),
        ("V-2,X,,,,gone", ("column status: “gone” is not possible here. Write one of: "
         "pending, active, inactive, suspended.")),
    ],
)  # fmt: skip
def test_a_bad_row_refuses_the_file(file, cells, complaint):
    path = file(f"vendor_code,name,email,gstin,currency,status\nV-1,ok,,,,\n{cells}\n")

    assert refused("import_suppliers", path) == [f"line 3, {complaint}"]
    assert Supplier.objects.count() == 0


def test_an_unknown_heading_is_refused(file):
    failure = bring_in("import_suppliers", file("vendor_code,name,emial\nV-1,X,\n")).failure

    assert failure == (
        "“emial” is not a column of this import. Did you mean “email”? Nothing was written."
    )


def test_a_dry_run_writes_nothing(file):
    bring_in("import_suppliers", file("vendor_code,name,contact\nV-1,X,Y\n"), "--dry-run")

    assert (Supplier.objects.count(), Contact.objects.count()) == (0, 0)


def test_the_statements_are_the_same_for_few_and_many(file):
    def statements(count, prefix):
        rows = "".join(f"{prefix}-{n},Name {n},Person {n}\n" for n in range(count))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            bring_in("import_suppliers", file("vendor_code,name,contact\n" + rows))
        return len(queries)

    assert statements(2, "A") == statements(300, "B")
