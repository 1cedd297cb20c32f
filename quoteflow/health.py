"""Whether the site can work: one word for load balancers, the facts for those who run it."""

import shutil
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

from quoteflow.notifications.models import OutboxMessage

MESSAGE_LATE_SECONDS = 600  # GUARANTEES 2.12: an alarm when a due message is older
WORKER_SILENT_SECONDS = 60  # as PROCRASTINATE_WORKER_DEFAULTS counts a worker as stalled
DISK_LOW_BYTES = 500 * 1024 * 1024
_PROBE = "health-probe"


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while requests can be answered, else 503; no detail, no session.

    Only the database decides: without the cache the site works on, more slowly.
    """
    up = _database_answers()
    return HttpResponse("ok" if up else "unavailable", content_type="text/plain", status=_code(up))


@login_not_required
@never_cache
@require_safe
def detailed(request: HttpRequest) -> JsonResponse:
    """Every part with its figures, for staff and for monitoring with HEALTH_TOKEN.

    200 when all is well, 503 when something is not, 403 for others.
    """
    if not _may_see_details(request):
        words = _("Sign in as staff, or send the health token as a bearer token.")
        return JsonResponse({"detail": words}, status=403)
    facts = _facts()
    well = all(part["ok"] for part in facts.values())
    return JsonResponse({"ok": well, **facts}, status=_code(well))


def _may_see_details(request: HttpRequest) -> bool:
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings.HEALTH_TOKEN
    if expected and kind.lower() == "bearer" and constant_time_compare(given.strip(), expected):
        return True
    # A session lies in the database: without one, only the token opens this page.
    return _database_answers() and bool(request.user.is_active and request.user.is_staff)


def _facts() -> dict[str, dict[str, Any]]:
    """One entry per part, each with `ok`; ages in seconds, sizes in bytes, null where unknown."""
    database = _database_answers()
    return {
        "database": {"ok": database},
        "cache": {"ok": _cache_answers()},
        "messages": _messages() if database else {"ok": False, "oldest_due_seconds": None},
        "worker": _worker() if database else {"ok": False, "heartbeat_seconds": None},
        "disk": _disk(),
    }


def _database_answers() -> bool:
    return _works(_ask_database)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache_answers() -> bool:
    """Whether a value comes back; the cache swallows its own errors, so absence means failure."""
    cache = caches["limits"]
    cache.set(_PROBE, "here", timeout=10)
    return bool(cache.get(_PROBE) == "here")


def _messages() -> dict[str, Any]:
    """The age of the message that has waited longest past its time."""
    oldest = OutboxMessage.objects.due().order_by("not_before").values_list("not_before", flat=True)
    age = _age(oldest.first())
    return {"ok": age is None or age <= MESSAGE_LATE_SECONDS, "oldest_due_seconds": age}


def _worker() -> dict[str, Any]:
    """The age of the youngest sign of life of any worker."""
    beats = ProcrastinateWorker.objects.order_by("-last_heartbeat")
    age = _age(beats.values_list("last_heartbeat", flat=True).first())
    return {"ok": age is not None and age <= WORKER_SILENT_SECONDS, "heartbeat_seconds": age}


def _disk() -> dict[str, Any]:
    """Free space where uploads are kept."""
    place = settings.MEDIA_ROOT
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return {"ok": free >= DISK_LOW_BYTES, "free_bytes": free}


def _age(moment: datetime | None) -> int | None:
    return None if moment is None else max(0, int((timezone.now() - moment).total_seconds()))


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except DatabaseError:
        return False
    return True


def _code(up: bool) -> int:  # noqa: FBT001 - one obvious argument
    return 200 if up else 503
