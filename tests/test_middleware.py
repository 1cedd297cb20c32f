"""What no view answers for: values that no column can hold."""

import pytest

from tests import stories
from tests.conftest import signed_in
from tests.rfqs.views.pages import BOLT, draft_post

pytestmark = pytest.mark.django_db

SENTENCE = "A value cannot be stored"


@pytest.mark.parametrize("address", ["autosave/", "edit/"])
def test_a_text_that_is_none_is_refused_with_a_sentence(address):
    story = stories.drafted()
    data = draft_post(story.rfq, [BOLT | {"unit": "H\0"}])

    answer = signed_in(story.buyer).post(f"/rfqs/{story.rfq.number}/{address}", data)

    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()


def test_the_refusal_fits_where_htmx_asked(htmx):
    story = stories.drafted()

    answer = signed_in(story.buyer).post("/rfqs/views/save/", {"name": "a\0b"}, headers=htmx)

    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()
    assert "<html" not in answer.content.decode()


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
