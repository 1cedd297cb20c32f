"""The plants and offices that buy, and the days on which they do not work."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quoteflow.lib.ids import new_id


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
    takes_apd_numbers = models.BooleanField(
        _("takes APD numbers"),
        default=True,
        help_text=_("The pricing team adds one to every approved award."),
    )
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
