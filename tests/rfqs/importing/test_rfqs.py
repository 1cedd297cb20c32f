"""import_rfqs: requests of three kinds, as drafts or published."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from quoteflow.notifications.models import OutboxMessage
from rfqs.models import RFQ, RFQLine
from tests.factories import BuyerFactory, ItemFactory, SiteFactory, SupplierFactory
from tests.running import bring_in, refused

HEADINGS = (
    "rfq_ref,site,commodity_type,title,deadline,suppliers,requester_email,line_no,description,"
    "quantity,uom,item_code,last_buying_price\n"
)
FIRST = (
    "PR-1,A001,goods,Bolts,2099-01-31 17:00,V-1;V-2,buyer@example.com,1,Hex bolt,2500,NOS,,11.80\n"
)
SECOND = "PR-1,A001,goods,Bolts,2099-01-31 17:00,V-1;V-2,buyer@example.com,2,Gloves,840,PRS,,\n"


@pytest.fixture(autouse=True)
def plant(db):
    """Site A001 with a buyer and two suppliers."""
    site = SiteFactory(code="A001")
    for code in ("V-1", "V-2"):
        SupplierFactory(code=code)
    return BuyerFactory(email="buyer@example.com", sites=[site])


@pytest.fixture
def file(tmp_path):
    def write(rows, headings=HEADINGS):
        path = tmp_path / "rfqs.csv"
        path.write_text(headings + rows, encoding="utf-8")
        return path

    return write


def test_a_draft_arrives_with_lines_suppliers_and_closing_time_in_site_time(file, plant):
    assert bring_in("import_rfqs", file(FIRST + SECOND)).counts == (1, 0, 0)

    rfq = RFQ.objects.get()
    assert (rfq.number, rfq.reference, rfq.status, rfq.commodity_type, rfq.requester) == (
        "GP-A001-001",
        "PR-1",
        "draft",
        "provided_data",
        plant,
    )
    assert rfq.deadline == datetime(2099, 1, 31, 11, 30, tzinfo=UTC)
    assert list(
        rfq.lines.order_by("position").values_list("description", "quantity", "unit", "last_price")
    ) == [
        ("Hex bolt", Decimal(2500), "C62", Decimal("11.80")),
        ("Gloves", Decimal(840), "PR", None),
    ]
    assert sorted(i.supplier.code for i in rfq.invitations.all()) == ["V-1", "V-2"]


def test_a_second_run_changes_nothing_and_a_corrected_draft_is_updated(file):
    bring_in("import_rfqs", file(FIRST + SECOND))

    again = bring_in("import_rfqs", file(FIRST + SECOND))
    changed = bring_in("import_rfqs", file(FIRST.replace("2500", "2600") + SECOND))

    assert (again.counts, changed.counts) == ((0, 0, 1), (0, 1, 0))
    assert (
        again.out.splitlines()[-1] == "Nothing changed: everything in the file was there already."
    )
    assert RFQLine.objects.get(position=1).quantity == Decimal(2600)


def test_publishing_sends_the_invitations_once(file):
    bring_in("import_rfqs", file(FIRST), "--publish")
    letters = OutboxMessage.objects.count()

    again = bring_in("import_rfqs", file(FIRST), "--publish")

    assert (RFQ.objects.get().status, letters, OutboxMessage.objects.count()) == ("open", 2, 2)
    assert again.counts == (0, 0, 1)


def test_a_draft_of_an_earlier_run_can_be_published_by_a_later_one(file):
    bring_in("import_rfqs", file(FIRST))

    assert bring_in("import_rfqs", file(FIRST), "--publish").counts == (0, 1, 0)
    assert RFQ.objects.get().status == "open"


def test_a_published_request_is_not_changed_by_a_file(file):
    bring_in("import_rfqs", file(FIRST), "--publish")

    assert refused("import_rfqs", file(FIRST.replace("2500", "2600"))) == [
        (
            "line 2: PR-1 is GP-A001-001 already, and differs in: lines. A request that has gone out, and the "
            "site, kind and requester of any, are not changed by a file."
        )
    ]


def test_a_catalogue_line_takes_what_the_file_leaves_open(file):
    ItemFactory(code="B-1", gst_percent=18, last_price=12, last_currency="INR")
    path = file(
        "PR-1,A001,goods,Bolts,,,buyer@example.com,1,Bolt,5,NOS,B-1,\n"
        "PR-1,A001,goods,Bolts,,,buyer@example.com,2,Bolt,5,NOS,B-1,11.80\n"
    )

    bring_in("import_rfqs", path)

    assert list(RFQLine.objects.order_by("position").values_list("gst_percent", "last_price")) == [
        (Decimal(18), Decimal(12)),
        (Decimal(18), Decimal("11.80")),
    ]
    assert bring_in("import_rfqs", path).counts == (0, 0, 1)


def test_service_and_transport_have_their_own_columns(file):
    headings = (
        "rfq_ref,site,commodity_type,title,line_no,description,quantity,uom,periods,period_unit,from_location,"
        "to_location,load_t,distance_km,trips_per_month,months\n"
    )
    path = file(
        "S-1,A001,service,Generators,1,Upkeep,4,NOS,4,quarter,,,,,,\n"
        "S-1,A001,service,Generators,2,Visit,1,JOB,,,,,,,,\n"
        "T-1,A001,transport,Lanes,1,Coils,,,,,Pune,Nagpur,7.0,660,26,12\n",
        headings,
    )

    assert bring_in("import_rfqs", path, "--as", "buyer@example.com").counts == (2, 0, 0)
    assert bring_in("import_rfqs", path, "--as", "buyer@example.com").counts == (0, 0, 2)

    columns = ("quantity", "unit", "periods", "period_unit", "from_location", "trips_per_month")
    lines = RFQLine.objects.order_by("rfq__reference", "position")
    assert list(lines.values_list(*columns)) == [
        (Decimal(4), "C62", 4, "quarter", "", None),
        (Decimal(1), "E51", 1, "once", "", None),
        (Decimal(312), "E54", None, "", "Pune", 26),
    ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            SECOND.replace("A001", "B001"),
            (
                "line 3, column site: “B001” disagrees with “A001” on line 2, which is of the same document. "
                "Write the same on both lines."
            ),
        ),
        (
            SECOND.replace(",2,", ",1,"),
            "line 3, column line_no: Line 1 stands on line 2 of the file already.",
        ),
        (
            SECOND.replace(",2,", ",3,"),
            "line 2, column line_no: Number the lines of PR-1 from 1 to 2 without a gap.",
        ),
        (
            SECOND.replace("PRS", "PRZ"),
            "line 3, column uom: “PRZ” is not a known unit. Did you mean PR?",
        ),
        (SECOND.replace("840", "0"), "line 3, column quantity: Write a number above zero."),
        (
            SECOND.replace("840", ""),
            "line 3, column quantity: Fill in this cell: every line of this kind of request has it.",
        ),
        (
            "PR-2,Z9,goods,Bolts,,,buyer@example.com,1,Bolt,5,NOS,,\n",
            "line 3, column site: There is no site Z9. Import the sites first, or correct the code.",
        ),
        (
            "PR-2,A001,things,Bolts,,,buyer@example.com,1,Bolt,5,NOS,,\n",
            (
                "line 3, column commodity_type: “things” is not possible here. Write one of: provided_data, "
                "service, transport, goods, indent_items."
            ),
        ),
        (
            "PR-2,A001,goods,Bolts,31/01/2099 17:00,,buyer@example.com,1,Bolt,5,NOS,,\n",
            (
                "line 3, column deadline: “31/01/2099 17:00” can be read in two ways. Write it like 2026-11-25 "
                "(year-month-day), or state the order of day and month."
            ),
        ),
        (
            "PR-2,A001,goods,Bolts,,V-1;V-9,buyer@example.com,1,Bolt,5,NOS,,\n",
            "line 3, column suppliers: There is no supplier V-9. Import the suppliers first, or correct it.",
        ),
        (
            "PR-2,A001,goods,Bolts,,,who@example.com,1,Bolt,5,NOS,,\n",
            "line 3, column requester_email: Nobody active here has the address who@example.com.",
        ),
        (
            "PR-2,A001,goods,Bolts,,,,1,Bolt,5,NOS,,\n",
            "line 3, column requester_email: Name the requester here, or the acting person with --as.",
        ),
    ],
)
def test_a_bad_row_refuses_the_file(file, row, complaint):
    assert refused("import_rfqs", file(FIRST + row)) == [complaint]
    assert RFQ.objects.count() == 0


def test_what_an_action_refuses_is_told_at_the_first_line_of_its_request(file):
    stranger = BuyerFactory(email="stranger@example.com")
    late = FIRST.replace("PR-1", "PR-2").replace("2099", "2020")
    foreign = FIRST.replace("PR-1", "PR-3").replace("buyer@", "stranger@")

    assert refused("import_rfqs", file(FIRST + late + foreign), "--publish") == [
        "line 3: The request cannot go out yet. The closing time must be at least 0 minutes from now.",
        "line 4: Only a buyer of the site can write a request there.",
    ]
    assert (RFQ.objects.count(), stranger.rfqs.count()) == (0, 0)


def test_a_total_too_large_for_the_books_is_a_bad_row(file):
    huge = FIRST.replace("2500", "999999999999").replace("11.80", "99999999999999")

    assert refused("import_rfqs", file(huge)) == [
        "line 2: Quantities times last prices make too many digits. Check the quantities of the lines."
    ]


def test_the_acting_person_is_the_requester(file):
    BuyerFactory(email="other@example.com")

    assert refused("import_rfqs", file(FIRST), "--as", "other@example.com") == [
        (
            "line 2, column requester_email: The requester is the person who acts, here other@example.com. "
            "Leave --as or this column out."
        )
    ]
    assert bring_in("import_rfqs", file(FIRST), "--as", "no@example.com").failure == (
        "Nobody active here has the address no@example.com. Nothing was written."
    )


def test_a_request_may_be_sealed(file):
    headings = HEADINGS.strip() + ",sealed\n"

    bring_in("import_rfqs", file(FIRST.strip() + ",yes\n", headings))

    assert RFQ.objects.get().is_sealed is True


def test_a_dry_run_writes_nothing(file):
    outcome = bring_in("import_rfqs", file(FIRST), "--dry-run", "--publish")

    assert (outcome.counts, RFQ.objects.count(), OutboxMessage.objects.count()) == ((1, 0, 0), 0, 0)
