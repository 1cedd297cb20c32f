"""Units: loaded by the migration, found by what people write."""

import pytest
from django.core.management import call_command

from rfqs.importing import units
from rfqs.models import Unit, UnitAlias
from tests.factories import UnitFactory


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H87", "H87"),
        ("kgm", "KGM"),
        ("KGS", "KGM"),
        ("L.S.", "LS"),
        ("l s", "LS"),
        ("Each", "EA"),
        ("kilogram", "KGM"),
        ("m²", "MTK"),
        (" mtr ", "MTR"),
    ],
)
def test_a_unit_is_found_by_code_spelling_name_and_symbol(db, text, code):
    assert units.unit_for(text).pk == code


def test_a_count_is_printed_in_the_words_of_the_trade(db):
    codes = ("C62", "H87", "KGM", "XCS")

    assert [str(Unit.objects.get(pk=code).symbol) for code in codes] == ["NOS", "pc", "kg", "case"]


def test_the_back_office_may_add_its_own_spelling(db):
    UnitAlias.objects.create(alias="STK", unit_id="H87")

    assert units.unit_for("stk.").pk == "H87"


def test_a_retired_unit_is_not_found(db):
    Unit.objects.filter(pk="KGM").update(is_active=False)

    with pytest.raises(ValueError, match="“KGM” is not a known unit"):
        units.unit_for("KGM")


def test_a_near_miss_is_told(db):
    with pytest.raises(ValueError, match="not a known unit") as refusal:
        units.unit_for("kilogrm")

    assert str(refusal.value) == "“kilogrm” is not a known unit. Did you mean KILOGRAM?"


def test_a_book_is_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        book = units.UnitBook()
        found = [units.unit_for(text, book).pk for text in ("NOS", "KGS", "MTR")]

    assert found == ["C62", "KGM", "MTR"]


def test_loading_again_changes_nothing(db, capsys):
    before = list(Unit.objects.order_by("pk").values())

    call_command("load_units")

    assert list(Unit.objects.order_by("pk").values()) == before
    counted = f"{len(before)} units and {UnitAlias.objects.count()} usual spellings are in place."
    assert capsys.readouterr().out.strip() == counted


def test_the_factory_finds_the_loaded_piece(db):
    assert UnitFactory().name == "piece"


def test_a_factor_too_fine_for_the_column_is_left_out(db):
    assert Unit.objects.get(pk="A53").factor is None
