"""What no view answers for: values that no column can hold, and too many changes."""

import pytest

SENTENCE = "A value cannot be stored"


@pytest.mark.parametrize(("headers", "is_page"), [({}, True), ({"HX-Request": "true"}, False)])
def test_a_text_that_is_none_is_refused_with_a_sentence(as_buyer, headers, is_page):
    answer = as_buyer.post("/rfqs/views/save/", {"name": "a\0b"}, headers=headers)

    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()
    assert ("<html" in answer.content.decode()) == is_page


@pytest.mark.parametrize(
    ("headers", "facts"),
    [
        ({}, (302, None)),
        ({"HX-Request": "true"}, (302, None)),
        ({"HX-Request": "true", "HX-Boosted": "true"}, (204, "/")),
    ],
)
def test_a_whole_page_that_htmx_posted_sends_the_browser_on(as_buyer, headers, facts):
    answer = as_buyer.post("/me/preferences/", {"theme": "dark", "next": "/"}, headers=headers)

    assert (answer.status_code, answer.headers.get("HX-Redirect")) == facts


def test_changes_beyond_the_hourly_rate_are_told_when_to_return(as_buyer, settings):
    settings.RATES = {"changes": "2/h"}

    answers = [as_buyer.post("/me/preferences/", {"theme": "dark"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert as_buyer.get("/rfqs/").status_code == 200


def test_a_missing_cache_keeps_nobody_from_working(as_buyer, settings):
    gone = settings.CACHES["limits"] | {"LOCATION": "unix:///nowhere/valkey.sock"}
    settings.CACHES = settings.CACHES | {"limits": gone}
    settings.RATES = {"changes": "1/h"}

    answers = [as_buyer.post("/me/preferences/", {"theme": "dark"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_an_error_on_our_side_names_its_reference(as_buyer, monkeypatch):
    def fail(*_args, **_facts):
        raise RuntimeError

    monkeypatch.setattr("rfqs.views.lists._answer", fail)
    as_buyer.raise_request_exception = False

    answer = as_buyer.get("/rfqs/")

    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
