"""Inputs stored as plain data."""

import json

from rfqs.comparison import Freight, Scheme, Tranche, as_stored, from_stored
from tests.rfqs.comparison.worked import D, offer, worked, worked_offer


def test_inputs_come_back_as_they_were():
    silent = offer(
        "S",
        (None, "0", "1E+2"),
        freight=Freight.INCLUDED,
        scheme=Scheme.IMPORT,
        tranches=(Tranche(D(100), -7),),
    )
    inputs = worked(worked_offer(), silent, rates={"USD": D("83.1250")}, minor_units={"JPY": 0})

    back = from_stored(json.loads(json.dumps(as_stored(inputs))))

    assert back == inputs
    assert back.offers[1].freight is Freight.INCLUDED
    assert str(back.rates["USD"]) == "83.1250"


def test_order_of_rates_does_not_change_the_bytes():
    one = worked(rates={"USD": D(83), "EUR": D(92)})
    other = worked(rates={"EUR": D(92), "USD": D(83)})

    assert json.dumps(as_stored(one)) == json.dumps(as_stored(other))
