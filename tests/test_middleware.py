"""What no view answers for: values that no column can hold."""

import pytest

SENTENCE = "A value cannot be stored"


@pytest.mark.parametrize(("headers", "is_page"), [({}, True), ({"HX-Request": "true"}, False)])
def test_a_text_that_is_none_is_refused_with_a_sentence(as_buyer, headers, is_page):
    answer = as_buyer.post("/rfqs/views/save/", {"name": "a\0b"}, headers=headers)

    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()
    assert ("<html" in answer.content.decode()) == is_page
