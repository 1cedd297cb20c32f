"""Dated exchange rates."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    """Reads of the rates."""

    def on(self, day: date) -> dict[str, Decimal]:
        """The latest rate of every currency on or before `day`: {currency: base units per unit}."""
        latest = self.filter(on__lte=day).order_by("currency", "-on").distinct("currency")
        return dict(latest.values_list("currency", "rate_to_base"))


class ExchangeRate(models.Model):
    """Base-currency units for one unit of `currency`, on a day, from a named source."""

    currency = models.CharField(max_length=3)
    on = models.DateField(_("date"))
    rate_to_base = models.DecimalField(max_digits=18, decimal_places=6)
    source = models.CharField(max_length=120, blank=True)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="rfqs_exchangerate_once_a_day"),
            models.CheckConstraint(
                condition=Q(rate_to_base__gt=0), name="rfqs_exchangerate_positive"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="rfqs_exchangerate_currency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on} {self.rate_to_base}"
