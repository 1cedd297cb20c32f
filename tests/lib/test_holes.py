"""A part that is put into a finished page."""

from django.http import HttpResponse
from django.utils.safestring import mark_safe

from quoteflow.lib.holes import HOLE, put_in


def test_the_part_stands_in_the_place_of_the_hole():
    page = put_in(HttpResponse(f"<p>ä</p>{HOLE}<p>"), mark_safe("<b>→</b>"))

    assert page.content.decode() == "<p>ä</p><b>→</b><p>"


def test_a_page_without_a_hole_stays_as_it_is():
    assert put_in(HttpResponse("<p>"), mark_safe("<b>")).content == b"<p>"
