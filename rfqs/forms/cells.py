"""The markup of one cell of a grid, in Python: a template per cell costs ten times as much."""

from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_ATTRIBUTES = {
    "count": ' inputmode="numeric"',
    "decimal": ' inputmode="decimal"',
    "percent": ' inputmode="decimal" data-qf-percent',
    "unit": ' list="units"',
    "item": " data-qf-item",
}


def cell_markup(cell: Any, number: int | str) -> SafeString:
    """A table cell with its labelled control and its error; the label names the line."""
    column = cell.column
    right = column.is_number or column.kind == "shown"
    return format_html(
        '<td class="{}{}" data-l="{}">{}</td>',
        column.css, " num" if right else "", column.label, control_markup(cell, number),
    )  # fmt: skip


def control_markup(cell: Any, number: int | str) -> SafeString:
    """The labelled control of a cell and its error, wherever they stand."""
    return format_html("{}{}", _control(cell, number), _error(cell))


def _control(cell: Any, number: int | str) -> SafeString:
    column = cell.column
    if column.kind == "shown":
        return format_html('<span class="shown">{}</span>', cell.text or "—")
    label = _("Line %(n)s, %(label)s") % {"n": number, "label": column.label}
    named = format_html('name="{0}" id="id_{0}" aria-label="{1}"', cell.name, label)
    wrong = format_html(' aria-invalid="true" aria-describedby="id_{}_error"', cell.name)
    more = mark_safe(  # noqa: S308 (constants, and a name of ours)
        _ATTRIBUTES.get(column.kind, "")
        + (f" {column.marks}" if column.marks else "")
        + (wrong if cell.error else "")
    )
    if column.kind == "check":
        ticked = mark_safe(" checked") if cell.text else ""
        return format_html('<input type="checkbox" {}{}{}>', named, more, ticked)
    if column.kind == "select":
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (value, mark_safe(" selected") if value == cell.text else "", text)
                for value, text in column.choices
            ),
        )
        return format_html("<select {}{}>{}</select>", named, more, options)
    kind = "date" if column.kind == "date" else "text"
    return format_html(
        '<input type="{}" {} value="{}"{} autocomplete="off">', kind, named, escape(cell.text), more
    )


def _error(cell: Any) -> SafeString | str:
    if not cell.error:
        return ""
    return format_html('<span class="err" id="id_{}_error">{}</span>', cell.name, cell.error)
