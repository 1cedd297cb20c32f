"""People, their roles, and what they like."""

import json
import zoneinfo
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.db.models.functions import JSONArray, Lower
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.absences import Delegation
from accounts.models.sites import Site, check_time_zone
from quoteflow.lib.ids import new_id


class Role(models.TextChoices):
    """What a person may do; several together, `supplier` with none (DOMAIN 8)."""

    BUYER = "buyer", _("Buyer")
    APPROVER = "approver", _("Approver")
    HEAD = "head", _("Head")
    PRICING = "pricing", _("Pricing")
    SUPPLIER = "supplier", _("Supplier")
    AUDITOR = "auditor", _("Auditor")


class Theme(models.TextChoices):
    """Light, dark, or as the system says."""

    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    """How much air tables have."""

    COMPACT = "compact", _("Compact")
    COMFORTABLE = "comfortable", _("Comfortable")


class OwnSite(NamedTuple):
    """What pages want to know of a site a person works at."""

    pk: UUID
    code: str
    name: str
    city: str
    sealed_by_default: bool
    is_active: bool


CARRIED = ("site_facts", "principal_ids")


def carried_along(person: OuterRef) -> dict[str, Func | ArraySubquery]:
    """What pages want to know of a person beside their own row, by the names in CARRIED."""
    sites = Site.objects.filter(users=person, is_active=True).order_by("code")
    facts = ArraySubquery(sites.values(facts=JSONArray(*OwnSite._fields)))
    absent = Delegation.objects.current().filter(deputy=person)
    return {
        "site_facts": Func(facts, function="to_jsonb", output_field=models.TextField()),
        "principal_ids": ArraySubquery(absent.values("person")),
    }


class UserQuerySet(models.QuerySet["User"]):
    """Reads about people."""

    def active(self) -> "UserQuerySet":
        """People who may act."""
        return self.filter(is_active=True)

    def with_role(self, *roles: str) -> "UserQuerySet":
        """Active people who hold any of the roles."""
        return self.active().filter(roles__overlap=list(roles))

    def with_sites(self) -> "UserQuerySet":
        """Carry each person's sites along, so that a page needs one query for who is asking."""
        return self.annotate(**carried_along(OuterRef("pk")))


class UserManager(BaseUserManager["User"]):
    """Makes people; passwords are hashed, e-mail addresses are lower case."""

    def get_queryset(self) -> UserQuerySet:
        """Start from the QuerySet that knows the business."""
        return UserQuerySet(self.model, using=self._db)

    def with_role(self, *roles: str) -> UserQuerySet:
        """See UserQuerySet.with_role."""
        return self.get_queryset().with_role(*roles)

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """Make a person; without a password they set one by the reset mail."""
        user = self.model(email=email.strip().lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """Make a person whom the back office cannot lock out."""
        return self.create_user(
            email, password, **(facts | {"is_staff": True, "is_superuser": True})
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in ignores case in the address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=10, choices=Role), default=list, blank=True)
    sites = models.ManyToManyField(Site, related_name="users", blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(
        _("back office"),
        default=False,
        help_text=_("May open the back office: master data, people, policies."),
    )
    admits_late = models.BooleanField(_("may admit late quotations, with another"), default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    time_zone = models.CharField(max_length=60, blank=True, validators=[check_time_zone])
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMPACT)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    # [{"name": str, "query": str}], docs/adr/0006
    saved_views = models.JSONField(default=list, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(F("email"), Lower("email")), name="accounts_user_email_lower"
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=list(Role.values)), name="accounts_user_roles_known"
            ),
            models.CheckConstraint(
                condition=~Q(roles__contains=[Role.SUPPLIER.value])
                | Q(roles=[Role.SUPPLIER.value], is_staff=False),
                name="accounts_user_supplier_alone",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """The name people say."""
        return self.full_name

    @classmethod
    def stand_in(cls, pk: UUID, roles: Iterable[str], site_ids: list[UUID]) -> "User":
        """An unsaved active person with these rights, who stands in for nobody: to compose queries with."""
        person = cls(pk=pk, roles=list(roles))
        person.own_site_ids, person.principals = site_ids, []
        return person

    def holds(self, *roles: str) -> bool:
        """Whether this person is active and has any of the roles."""
        return self.is_active and not set(roles).isdisjoint(self.roles)

    @property
    def is_buyer(self) -> bool:
        """May write requests."""
        return self.holds(Role.BUYER)

    @property
    def is_approver(self) -> bool:
        """May decide awards, at one of the two levels."""
        return self.holds(Role.APPROVER, Role.HEAD)

    @property
    def is_head(self) -> bool:
        """Sees all sites and decides the second level."""
        return self.holds(Role.HEAD)

    @property
    def is_auditor(self) -> bool:
        """Sees everything but sealed prices, does nothing."""
        return self.holds(Role.AUDITOR)

    @property
    def is_pricing(self) -> bool:
        """Adds APD numbers."""
        return self.holds(Role.PRICING)

    @property
    def is_supplier(self) -> bool:
        """Sees own invitations only."""
        return self.holds(Role.SUPPLIER)

    @cached_property
    def own_places(self) -> dict[UUID, OwnSite]:
        """The active sites of this person by id, in the order of their codes.

        Free where `with_sites` carried them along.
        """
        carried = self.__dict__.get("site_facts")
        if carried is None:
            sites = self.sites.filter(is_active=True).order_by("code")
            found = [OwnSite(*row) for row in sites.values_list(*OwnSite._fields)]
        else:
            found = [OwnSite(UUID(pk), *facts) for pk, *facts in json.loads(carried)]
        return {site.pk: site for site in found}

    @cached_property
    def own_site_ids(self) -> list[UUID]:
        """Ids of the active sites of this person."""
        return list(self.own_places)

    @property
    def own_sites(self) -> list[tuple[UUID, str, str]]:
        """(id, code, name) of the active sites of this person, by code."""
        return [site[:3] for site in self.own_places.values()]

    @cached_property
    def principals(self) -> "list[User]":
        """Whom this person stands in for at this moment; free where `with_sites` found nobody.

        Only their own right counts: what was delegated to them is not passed on (DOMAIN 4).
        """
        carried = self.__dict__.get("principal_ids")
        if not self.is_approver or carried == []:
            return []
        if carried is None:
            held = Delegation.objects.current().filter(deputy=self)
            carried = list(held.values_list("person", flat=True))
        people = User.objects.get_queryset().active().with_sites()
        return list(people.filter(pk__in=carried).order_by("full_name", "pk"))

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone this person reads times in."""
        return (
            zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else timezone.get_default_timezone()
        )
