"""The specification's service and transport examples, from files to the sheet."""

import json

from tests.factories import RateFactory, SupplierFactory
from tests.running import bring_in, run

REQUESTS = (
    "rfq_ref,site,commodity_type,title,deadline,suppliers,requester_email,line_no,description,quantity,uom,periods,"
    "period_unit,from_location,to_location,load_t,distance_km,trips_per_month,months\n"
    "S-1,A001,service,Generators,2099-01-31 17:00,V-1,buyer@example.com,1,Upkeep,4,NOS,1,year,,,,,,\n"
    "T-1,A001,transport,Coils,2099-01-31 17:00,V-1,buyer@example.com,1,Coils,,,,,Pune,Nagpur,7.0,660,26,1\n"
)
OFFERS = (
    "rfq,supplier,currency,freight,line_no,unit_price,rate_period,rate_basis,fuel_percent,loading,capacity_t\n"
    "S-1,V-1,USD,included,1,240,quarter,,,,\n"
    "T-1,V-1,INR,included,1,24.00,,per_km,3%,600,4.0\n"
)


def test_service_and_transport_come_out_as_specified(plant, tmp_path):
    SupplierFactory(code="V-1")
    RateFactory(currency="USD", rate_to_base="83.1250")
    requests, offers = tmp_path / "rfqs.csv", tmp_path / "offers.csv"
    requests.write_text(REQUESTS, encoding="utf-8")
    offers.write_text(OFFERS, encoding="utf-8")

    assert bring_in("import_rfqs", requests, "--publish").counts == (2, 0, 0)
    assert bring_in("import_quotations", offers).counts == (2, 0, 0)

    sheets = [json.loads(run("compare", name, "--json").out) for name in ("S-1", "T-1")]
    assert [sheet["offers"][0]["basic"] for sheet in sheets] == ["319200.00", "879590.40"]
    assert bring_in("import_quotations", offers).counts == (0, 0, 2)
