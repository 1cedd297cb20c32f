"""People and the sites they work for (docs: DOMAIN 1 and 8)."""

from accounts.models.absences import Delegation, DelegationQuerySet
from accounts.models.people import (
    Density,
    OwnSite,
    Role,
    Theme,
    User,
    UserManager,
    UserQuerySet,
)
from accounts.models.sites import Holiday, Site, check_time_zone

__all__ = [
    "Delegation",
    "DelegationQuerySet",
    "Density",
    "Holiday",
    "OwnSite",
    "Role",
    "Site",
    "Theme",
    "User",
    "UserManager",
    "UserQuerySet",
    "check_time_zone",
]
