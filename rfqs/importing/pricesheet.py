"""Reading a supplier's price sheet: each line of the request exactly once, or nothing at all."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from quoteflow.lib import tabular
from quoteflow.lib.errors import Incomplete
from quoteflow.lib.tabular import Columns, Row, RowError

YES = ("yes", "y", "x", "true", "1", "on")
NO = ("", "no", "n", "false", "0")


class Answered(NamedTuple):
    """The texts of one line by column, and the row of the file they stand in."""

    row: int
    texts: dict[str, str]


def read_prices(
    data: bytes, *, name: str, labels: Mapping[str, str], lines: Collection[int], tick: str
) -> dict[int, Answered]:
    """The answers by line number. `labels` are columns with their headings; `tick` is one that is yes or no.

    Raises Incomplete with everything that is wrong, by row and column; nothing is taken then.
    """
    aliases = {label: column for column, label in labels.items()} | {_("Line"): "line"}
    aliases |= {_("Description"): "asked", _("Quantity"): "asked_quantity"}
    aliases |= {_("Unit asked"): "asked_unit"}
    known = (*labels, "asked", "asked_quantity", "asked_unit")
    columns = Columns(required=("line",), optional=known, aliases=aliases)
    table = tabular.read(data, name=name, columns=columns)
    problems = [_sentence(error) for error in table.errors]
    found: dict[int, Answered] = {}
    for row in table:
        number = _line(row, lines, found, problems)
        if number is not None:
            found[number] = Answered(row.line, _texts(row, labels, tick, problems))
    missing = [str(number) for number in sorted(set(lines) - set(found))]
    if missing and not problems:
        problems.append(_("These lines are missing: %(lines)s.") % {"lines": ", ".join(missing)})
    refuse(problems)
    return found


def refuse(problems: list[str]) -> None:
    """Raise Incomplete with these sentences, if there are any."""
    if problems:
        raise Incomplete(_("The sheet was not taken; nothing has changed."), problems)


def _line(
    row: Row, lines: Collection[int], found: Collection[int], problems: list[str]
) -> int | None:
    text = row["line"].removesuffix(".0")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0  # noqa: PLR2004
    if number not in lines:
        said = _("the request has no line “%(text)s”.") % {"text": text}
    elif number in found:
        said = _("line %(n)d stands here a second time.") % {"n": number}
    else:
        return number
    problems.append(_sentence(RowError(row.line, _("Line"), said)))
    return None


def _texts(row: Row, labels: Mapping[str, str], tick: str, problems: list[str]) -> dict[str, str]:
    texts = {column: row[column] for column in labels if column in row}
    word = texts.get(tick, "").lower()
    if word not in YES and word not in NO:
        said = _("write yes, or leave it empty.")
        problems.append(_sentence(RowError(row.line, labels[tick], said)))
    return texts | {tick: "on" if word in YES else ""}


def _sentence(error: RowError) -> str:
    if not error.column:
        return _("Row %(row)d: %(said)s") % {"row": error.line, "said": error.message}
    facts = {"row": error.line, "column": error.column, "said": error.message}
    return _("Row %(row)d, %(column)s: %(said)s") % facts
