"""People and the sites they work for (docs: DOMAIN 1 and 8)."""

import json
import zoneinfo
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.db.models.functions import JSONObject, Lower, Now
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

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


def check_time_zone(name: str) -> None:
    """Refuse a zone the IANA database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone. Write it like Asia/Kolkata."), params={"name": name}
        )


class Site(models.Model):
    """A plant or office that buys; its code stands in every number (GP-A001-007)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(
        max_length=10,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9]{2,10}$", _("Use 2 to 10 capital letters and digits, like A001.")
            )
        ],
    )
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="IN")
    time_zone = models.CharField(
        max_length=60, default="Asia/Kolkata", validators=[check_time_zone]
    )
    gstin = models.CharField(max_length=15, blank=True)
    head = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_sites",
    )
    minimum_bids = models.PositiveSmallIntegerField(default=3)
    minimum_lead_minutes = models.PositiveIntegerField(
        default=60, help_text=_("Least time between publication and closing time.")
    )
    sealed_by_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9]{2,10}$"), name="accounts_site_code"
            ),
            models.CheckConstraint(
                condition=Q(minimum_bids__gte=1), name="accounts_site_minimum_bids"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The site's time zone; deadlines are site time."""
        return zoneinfo.ZoneInfo(self.time_zone)


class OwnSite(NamedTuple):
    """What pages want to know of a site a person works at."""

    pk: UUID
    code: str
    name: str
    city: str
    sealed_by_default: bool
    is_active: bool


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
        sites = Site.objects.filter(users=OuterRef("pk"), is_active=True).order_by("code")
        facts = JSONObject(**{name: name for name in OwnSite._fields})
        absent = Delegation.objects.current().filter(deputy=OuterRef("pk"))
        return self.annotate(
            site_facts=ArraySubquery(sites.values(facts=facts)),
            principal_ids=ArraySubquery(absent.values("person")),
        )


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
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    time_zone = models.CharField(max_length=60, blank=True, validators=[check_time_zone])
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMPACT)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    saved_views = models.JSONField(
        default=list, blank=True
    )  # [{"name": str, "query": str}], docs/adr/0006

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
            read = (json.loads(one) if isinstance(one, str) else one for one in carried)
            found = [OwnSite(**facts | {"pk": UUID(facts["pk"])}) for facts in read]
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


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Reads of absences."""

    def current(self) -> "DelegationQuerySet":
        """Those that hold at this moment, by the database's clock."""
        return self.filter(revoked_at=None, starts_at__lte=Now(), ends_at__gt=Now())

    def standing(self) -> "DelegationQuerySet":
        """Those that hold or will."""
        return self.filter(revoked_at=None, ends_at__gt=Now())


class Delegation(models.Model):
    """While one approver is away, another decides for them: from a day to a day, one level deep.

    A delegation is never deleted, only ended: it says in whose name decisions were made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # exclusive
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="accounts_delegation_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("person")), name="accounts_delegation_to_another"
            ),
            ExclusionConstraint(
                name="accounts_delegation_no_overlap",
                expressions=[
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("person", RangeOperators.EQUAL),
                ],
                condition=Q(revoked_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["deputy"], condition=Q(revoked_at=None), name="accounts_delegation_deputy"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.deputy_id}"


class Holiday(models.Model):
    """A day on which a site does not work; without a site, none of them does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="holidays"
    )
    on = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "on"], nulls_distinct=False, name="accounts_holiday_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
