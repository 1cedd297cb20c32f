"""What a deputy sees of the requests of whom they stand in for (DOMAIN 4)."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from rfqs.states import IN_APPROVAL


def through(principal: User, also: Any) -> Q:
    """Requests under approval, and those of the query `also`, where the one who is away decides."""
    sites = Q() if principal.is_head else Q(site__in=principal.own_site_ids)
    asked = Q(status__in=IN_APPROVAL) | Q(pk__in=also.values("pk"))
    return asked & sites if principal.is_approver else Q(pk__in=[])
