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
from accounts.models.sessions import Session, SessionQuerySet
from accounts.models.sites import Holiday, Site, check_time_zone

__all__ = [
    "Delegation",
    "DelegationQuerySet",
    "Density",
    "Holiday",
    "OwnSite",
    "Role",
    "Session",
    "SessionQuerySet",
    "Site",
    "Theme",
    "User",
    "UserManager",
    "UserQuerySet",
    "check_time_zone",
]
