"""The parts of the list page around its rows, as finished text: tabs, filters, chips, table.

Each is a stencil: its words are few, so that a process renders each combination once.
"""

from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quoteflow.lib import keyset
from quoteflow.lib.templatetags.qf import icon, options, standing, stencil
from rfqs.forms.lists import RequestFilter
from rfqs.views import rows

SORTABLE = ("number", "status", "total", "closes")


def tabs(
    request: HttpRequest, form: RequestFilter, *, name: str = "", oob: bool = False
) -> SafeString:
    """The built-in views and the reader's own, the current one marked, and the form to keep one.

    `name` is what somebody typed for a view that was refused.
    """
    own = [view["name"] for view in form.user.saved_views]
    removals = render_to_string("rfqs/_views_removals.html", {"names": own}, request) if own else ""
    return stencil(
        "rfqs/_views.html", "tabs csrf query name removals", oob=oob, opened=bool(name),
        tabs=_tabs(form), csrf=get_token(request), query=form.query(), name=name, removals=removals,
    )  # fmt: skip


def filters(form: RequestFilter) -> SafeString:
    """The search and the filters as they stand."""
    asked, sites = form.asked, form.user.own_sites
    picks = len(sites) > 1
    read = form.cleaned_data  # what could not be read is no word of a stencil
    choice = {name: read.get(name, "") for name in ("status", "type", "requester", "closing")}
    return stencil(
        "rfqs/_filters.html", "q sites rare", form=_blank(), picks_site=picks, buys=form.user.is_buyer,
        opened=form.more_is_open, size=form.page_size, **choice,
        q=asked["q"], rare=_rare(form),
        sites=_sites(tuple(sites), asked["site"]) if picks else _kept("site", asked["site"]),
    )  # fmt: skip


def chips(form: RequestFilter) -> SafeString | str:
    """What narrows the list, each with a link that takes it away."""
    found = form.chips()
    if not found:
        return ""
    return format_html(
        '<div class="chips">{}</div>',
        format_html_join(
            "",
            '<a class="chip" href="{1}">{0} {2}<span class="sr">{3}</span></a>',
            ((text, query, icon("x"), _("remove this filter")) for text, query in found),
        ),
    )


def table(
    page: keyset.Slice[tuple[Any, ...]], form: RequestFilter, by: rows.Reader
) -> SafeString | str:
    """The rows under their heads, and the links to their neighbours; "" without any row."""
    if not page.rows:
        return ""
    sorted_by = {key: _state(form.order, key) for key in SORTABLE}
    return stencil(
        "rfqs/_requests.html", "body by_number by_status by_total by_closes earlier later",
        currency=settings.BASE_CURRENCY, has_earlier=bool(page.before), has_later=bool(page.after),
        **sorted_by, **{f"by_{key}": form.query(sort=_other(form.order, key)) for key in SORTABLE},
        body=rows.body(page.rows, by),
        earlier=form.query(before=page.before), later=form.query(after=page.after),
    )  # fmt: skip


def _state(order: str, key: str) -> str:
    """How the list stands sorted by a column, in the words of aria-sort; "" when it is not."""
    return {key: "ascending", f"-{key}": "descending"}.get(order, "")


def _other(order: str, key: str) -> str:
    """What a click on the column's head sorts by; numbers begin with the newest."""
    if not _state(order, key):
        return "-number" if key == "number" else key
    return f"-{key}" if order == key else key


def _tabs(form: RequestFilter) -> SafeString:
    buys, query = form.user.is_buyer, form.query()
    here = form.parameters(sort="", size="")
    places = (
        n for n, (_name, asked) in enumerate(_built_in(buys, get_language())) if asked == here
    )
    tabs = _common_tabs(buys, get_language(), next(places, None))
    for view in form.user.saved_views:
        tabs += _tab(view["name"], view["query"], icon("bookmark"), now=view["query"] == query)
    return tabs


@cache
def _common_tabs(buys: bool, language: str | None, current: int | None) -> SafeString:  # noqa: FBT001
    """The built-in tabs, of which this one is current."""
    tabs = SafeString()
    for place, (name, asked) in enumerate(_built_in(buys, language)):
        tabs += _tab(name, f"?{urlencode(asked)}", now=place == current)
    return tabs


def _tab(name: str, query: str, mark: SafeString = SafeString(), *, now: bool) -> SafeString:  # noqa: B008
    current = mark_safe(' aria-current="page"') if now else ""
    return format_html('<a href="{}"{}>{}{}</a>', query, current, mark, name)


@cache
def _built_in(buys: bool, language: str | None) -> list[tuple[str, dict[str, str]]]:  # noqa: FBT001
    del language
    everybody = {"requester": "all"} if buys else {}
    mine = [(_("Mine"), {"requester": "me"})] if buys else []
    return [
        (_("All"), everybody),
        *mine,
        (_("Open"), everybody | {"status": "open"}),
        (_("Closing this week"), everybody | {"closing": "week"}),
        (_("Awaiting approval"), everybody | {"status": "pending"}),
    ]


def _rare(form: RequestFilter) -> SafeString:
    """The fields of days and amounts; mostly empty, and then the same for everybody."""
    template, currency = "rfqs/_filters_rare.html", settings.BASE_CURRENCY
    if any(form.asked[name] for name in form.RARE):
        return render_to_string(template, {"form": form, "currency": currency})
    return standing(template, form=_blank(), currency=currency)


@lru_cache(maxsize=500)
def _sites(sites: tuple[tuple[Any, str, str], ...], here: str) -> SafeString:
    return options([(code, f"{code} {name}") for _pk, code, name in sites], here)


def _kept(name: str, value: str) -> SafeString | str:
    """A filter that has no control here but shall stay."""
    return format_html('<input type="hidden" name="{}" value="{}">', name, value) if value else ""


@cache
def _blank() -> RequestFilter:
    """An unbound form, for labels and choices."""
    return RequestFilter()
