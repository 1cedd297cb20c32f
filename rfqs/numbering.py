"""Numbers people see, from one locked counter: unique, never reused (DOMAIN 6, G1)."""

from django.conf import settings
from django.db import connection

from accounts.models import OwnSite, Site

TAKE = """
INSERT INTO rfqs_counter AS c (scope, value) VALUES (%s, 1)
ON CONFLICT (scope) DO UPDATE SET value = c.value + 1 RETURNING value
"""


def next_rfq_number(site: Site | OwnSite) -> tuple[str, int]:
    """Take the next request number of `site`: ("GP-A001-007", 7).

    The counter row stays locked until the caller's transaction ends, so call it late; a rollback
    gives the number back. Three digits are a minimum: -999 is followed by -1000.
    """
    return _take("GP", site)


def next_order_number(site: Site | OwnSite) -> str:
    """Take the next purchase order number of `site`: "PO-A001-007"."""
    return _take("PO", site)[0]


def _take(prefix: str, site: Site | OwnSite) -> tuple[str, int]:
    scope = f"{prefix}-{site.code}" if settings.RFQ_NUMBER_SCOPE == "site" else prefix
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [scope])
        (value,) = cursor.fetchone()
    return f"{prefix}-{site.code}-{value:03d}", value
