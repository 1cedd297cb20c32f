"""Head and foot of the matrix as HTML, joined in Python like its rows; texts are escaped."""

from collections.abc import Sequence
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quoteflow.lib.templatetags.qf import icon
from rfqs.matrix.foot import FootCell, FootRow
from rfqs.matrix.head import Badge, Head
from rfqs.matrix.picking import Picked


def heads_html(heads: Sequence[Head], number: str) -> SafeString:
    """The head of each shown column; the name leads to the quotation of the request `number`."""
    if not heads:
        return mark_safe("")
    key = heads[0].key
    before, _key, behind = reverse("rfqs:quotation", args=[number, key]).partition(key)
    texts = [_head(head, f"{before}{head.key}{behind}") for head in heads]
    return mark_safe("".join(texts))  # noqa: S308 (escaped below)


def foot_html(rows: Sequence[FootRow]) -> SafeString:
    """The rows of the foot, with a cell per shown column."""
    return mark_safe("".join([_foot(row) for row in rows]))  # noqa: S308 (escaped below)


def picked_html(columns: Sequence[Picked]) -> SafeString:
    """What is picked of each shown column, which scripts keep up to date."""
    lines = escape(_("lines"))
    texts = [
        f'<td class="num"><span data-qf-picked="{one.place}">{one.total}</span><span class="qf-sub">'
        f'<span data-qf-picked-lines="{one.place}">{one.lines}</span> {lines}</span></td>'
        for one in columns
    ]
    return mark_safe("".join(texts))  # noqa: S308 (figures)


def _head(head: Head, address: str) -> str:
    rating = f", {icon('star')} {escape(head.rating)}" if head.rating else ""
    source = ""
    if head.has_source:
        source = f'<span class="qf-att">{icon("paperclip", "", _("has a source file"))}</span>'
    reason = f'<span class="qf-sub">{escape(head.reason)}</span>' if head.reason else ""
    return (
        f'<th scope="col" class="qf-sup"><a class="qf-supname" id="s{head.place}" href="{address}">'
        f'{escape(head.name)}</a><span class="qf-supmeta">{escape(head.code)}{rating}{source}</span>'
        f"{''.join([_badge(badge) for badge in head.badges])}{reason}</th>"
    )


def _badge(badge: Badge) -> str:
    return f'<span class="badge {badge.tone}">{icon(badge.icon)} {escape(badge.text)}</span> '


def _foot(row: FootRow) -> str:
    css = f' class="{row.css}"' if row.css else ""
    return (
        f'<tr{css}><th scope="row" class="qf-s1">{escape(row.label)}</th><td class="qf-s2"></td>'
        f'<td class="qf-s3 num">{escape(row.last)}</td>{"".join([_cell(one) for one in row.cells])}</tr>\n'
    )


def _cell(cell: FootCell) -> str:
    sub = f'<span class="qf-sub">{escape(cell.sub)}</span>' if cell.sub else ""
    return f'<td class="num {cell.css}">{escape(cell.text)}{sub}</td>'
