"""One page, two answers: the whole document, or the region htmx asked for."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx will swap a region; boosted and history loads need the page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_swap(
    request: HttpRequest,
    *,
    page: str,
    fragment: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render `fragment` for a swap, else `page`, and keep caches from mixing them."""
    template = fragment if wants_fragment(request) else page
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def close_dialog(response: HttpResponse) -> HttpResponse:
    """Tell the page that the open dialog has done its work."""
    response["HX-Trigger"] = json.dumps({"qf:close-dialog": {}})
    return response
