"""import_catalogue: items by code, and what they last cost."""

from datetime import date
from decimal import Decimal

import pytest

from rfqs.models import Item
from tests.factories import ItemFactory, SupplierFactory
from tests.running import bring_in, refused

HEADINGS = "item_code,description,uom,gst_percent,last_buying_price,last_currency,last_vendor,last_bought_on\n"


@pytest.fixture
def file(tmp_path):
    def write(rows, headings=HEADINGS):
        path = tmp_path / "items.csv"
        path.write_text(headings + rows, encoding="utf-8")
        return path

    return write


def test_items_are_created_with_their_last_purchase_and_a_second_run_changes_nothing(file):
    seller = SupplierFactory(code="V-7", name="Seven")
    path = file(
        'B-1,Hex bolt,NOS,18%,"1,200.50",,V-7,2026-01-31\nB-2,Steel,MTS,,95,usd,Seven,\nB-3,Oil,LTR,5,,,,\n'
    )

    assert bring_in("import_catalogue", path).counts == (3, 0, 0)

    columns = (
        "code",
        "unit",
        "gst_percent",
        "last_price",
        "last_currency",
        "last_supplier",
        "last_bought_on",
    )
    assert list(Item.objects.order_by("code").values_list(*columns)) == [
        ("B-1", "C62", Decimal(18), Decimal("1200.5"), "INR", seller.pk, date(2026, 1, 31)),
        ("B-2", "TNE", None, Decimal(95), "USD", seller.pk, None),
        ("B-3", "LTR", Decimal(5), None, "", None, None),
    ]
    assert bring_in("import_catalogue", path).counts == (0, 0, 3)


def test_a_later_purchase_is_not_overwritten_by_an_older_one(file):
    ItemFactory(
        code="B-1",
        description="Bolt",
        last_price=12,
        last_currency="INR",
        last_bought_on="2026-05-01",
    )

    bring_in("import_catalogue", file("B-1,New bolt,NOS,,9,,,2025-01-01\n"))
    kept = Item.objects.values_list("description", "last_price", "last_bought_on").get()
    bring_in("import_catalogue", file("B-1,New bolt,NOS,,14,,,2026-06-01\n"))
    taken = Item.objects.values_list("last_price", "last_bought_on").get()

    assert kept == ("New bolt", Decimal(12), date(2026, 5, 1))
    assert taken == (Decimal(14), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            "B-2,Bolt,KILOGRM,,,,,",
            "column uom: “KILOGRM” is not a known unit. Did you mean KILOGRAM?",
        ),
        ("B-2,Bolt,,,,,,", "column uom: This field is required."),
        ("B-2,Bolt,NOS,101,,,,", "column gst_percent: 101 is more than 100 percent."),
        (
            "B-2,Bolt,NOS,,1e5,,,",
            (
                "column last_buying_price: “1e5” is not a number. Write digits such as 1200.50; "
                "no letters, no exponent."
            ),
        ),
        (
            'B-2,Bolt,NOS,,"1,2,3",,,',
            (
                "column last_buying_price: The groups of digits in “1,2,3” are neither 1,234,567 nor "
                "12,34,567. Leave the separators out, or check the decimal mark: it is “.” here."
            ),
        ),
        (
            "B-2,Bolt,NOS,,5,,Nobody,",
            (
                "column last_vendor: “Nobody” is no vendor code and not the name of exactly one supplier. "
                "Import the suppliers first, or write the vendor code."
            ),
        ),
        (
            "B-2,Bolt,NOS,,5,,,31/12/2026",
            (
                "column last_bought_on: “31/12/2026” can be read in two ways. Write it like 2026-11-25 "
                "(year-month-day), or state the order of day and month."
            ),
        ),
        (
            "B-1,Again,NOS,,,,,",
            "column item_code: “B-1” stands on line 2 already. Keep one of the two rows.",
        ),
    ],
)
def test_a_bad_row_refuses_the_file(file, row, complaint):
    assert refused("import_catalogue", file(f"B-1,Fine,NOS,,,,,\n{row}\n")) == [
        f"line 3, {complaint}"
    ]
    assert Item.objects.count() == 0


def test_the_file_may_write_numbers_and_dates_its_own_way(file):
    path = file("B-1;Bolt;NOS;;1.200,50;;;31.12.2026\n", HEADINGS.replace(",", ";"))

    bring_in("import_catalogue", path, "--decimal", "comma", "--dates", "dmy")

    assert Item.objects.values_list("last_price", "last_bought_on").get() == (
        Decimal("1200.5"),
        date(2026, 12, 31),
    )


def test_a_dry_run_writes_nothing(file):
    outcome = bring_in("import_catalogue", file("B-1,Fine,NOS,,,,,\n"), "--dry-run")

    assert (outcome.counts, Item.objects.count()) == ((1, 0, 0), 0)
