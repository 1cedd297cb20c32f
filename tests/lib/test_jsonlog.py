import json
import logging
from typing import Any

import pytest
from django.test import RequestFactory

from quoteflow.lib import jsonlog


def written(message: str, *args: Any, **extra: Any) -> dict[str, Any]:
    """The line that a log call becomes, read back."""
    record = logging.getLogger("rfqs").makeRecord(
        "rfqs", logging.INFO, __file__, 1, message, args, None, extra=extra
    )
    record.created = 1_800_000_000.5
    return json.loads(jsonlog.JsonFormatter().format(record))


def test_a_line_has_time_level_place_and_the_facts_given():
    assert written("rfq_published", rfq_id="0190") == {
        "ts": "2027-01-15T08:00:00.500+00:00",
        "level": "info",
        "logger": "rfqs",
        "event": "rfq_published",
        "rfq_id": "0190",
    }


def test_the_request_and_the_person_ride_along_until_the_request_ends():
    token = jsonlog.bind_request("abc")
    jsonlog.bind_user("7")
    inside = written("x")
    assert (inside["request_id"], inside["user_id"]) == ("abc", "7")
    assert jsonlog.current_request_id() == "abc"

    jsonlog.unbind(token)

    assert written("x").keys() == {"ts", "level", "logger", "event"}
    assert jsonlog.current_request_id() == ""


def test_secrets_and_prices_are_left_out_by_name_at_every_depth():
    line = written(
        "x", password="p", unit_price="1", form={"csrfmiddlewaretoken": "t", "title": "Bolts"}
    )
    assert line["form"] == {"title": "Bolts"}
    assert {"password", "unit_price"} & line.keys() == set()


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("token=abc&page=2", "token=***&page=2"),
        ("{'password': 'hunter2'}", "{'password': '***'}"),
        ("GET /s/k3y-of-supplier/quote/", "GET /s/***/quote/"),
        ("12 rows imported", "12 rows imported"),
    ],
)
def test_secrets_in_a_text_are_blackened(said, logged):
    assert written("%s", said)["event"] == logged


def test_a_newline_cannot_forge_a_second_line():
    record = logging.makeLogRecord({"msg": 'one\n{"event":"forged"}'})
    assert jsonlog.JsonFormatter().format(record).count("\n") == 0


def test_an_answered_request_is_logged_by_its_route_not_its_path(monkeypatch):
    request = RequestFactory().get("/s/secret-token/")
    records = []
    logger = logging.getLogger("quoteflow.request")
    monkeypatch.setattr(logger, "isEnabledFor", lambda _level: True)
    monkeypatch.setattr(logger, "handle", records.append)
    jsonlog.request_done(request, 200, 0.01234)
    (line,) = [json.loads(jsonlog.JsonFormatter().format(record)) for record in records]
    assert (line["route"], line["status"], line["ms"]) == (None, 200, 12.3)
    assert "secret-token" not in str(line)
