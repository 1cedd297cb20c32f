"""The includes that other templates build on."""

import re

from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string


class Sheet(forms.Form):
    title = forms.CharField(help_text="Short.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField(required=False)


def test_a_field_names_its_help_and_its_error():
    form = Sheet({})

    html = render_to_string("components/_field.html", {"field": form["title"]})

    (described,) = re.findall(r'aria-describedby="([^"]+)"', html)
    assert described.split() == re.findall(r'<span class="(?:hint|err)" id="([^"]+)"', html)
    assert 'aria-invalid="true"' in html
    assert "This field is required." in html


def test_a_group_of_choices_is_a_fieldset_and_a_box_stands_inside_its_label():
    form = Sheet()

    assert "<legend" in render_to_string("components/_field.html", {"field": form["kind"]})
    box = render_to_string("components/_field.html", {"field": form["agree"]})
    assert re.search(r'<label class="choice" for="id_agree"><input type="checkbox"', box)


def test_the_error_summary_links_to_the_fields_and_is_absent_without_errors():
    html = render_to_string("components/_error_summary.html", {"form": Sheet({})})

    assert re.findall(r'href="(#\w+)"', html) == ["#id_title", "#id_kind"]
    assert render_to_string("components/_error_summary.html", {"form": Sheet()}).strip() == ""


def test_the_error_summary_counts_the_lines_of_a_formset():
    rows = forms.formset_factory(Sheet)
    data = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "2",
        "form-0-title": "x",
        "form-0-kind": "a",
    }

    html = render_to_string("components/_error_summary.html", {"formset": rows(data)})

    assert "Line 2, Title: This field is required." in html
    assert "Line 1" not in html


def test_the_pager_keeps_the_other_parameters(rf):
    context = {"page": Paginator(range(35), 10).get_page(2), "target": "results"}

    html = render_to_string("components/_pager.html", context, rf.get("/rfqs/?status=open&page=2"))

    assert "11 to 20 of 35" in html
    assert 'href="?status=open&amp;page=3" hx-get="?status=open&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_a_status_shows_its_icon_and_its_word():
    context = {"status": "approved", "label": "Approved"}

    html = render_to_string("components/_badge.html", context)

    assert '<span class="badge ok">' in html
    assert "icons.svg#circle-check" in html
    assert "Approved" in html
