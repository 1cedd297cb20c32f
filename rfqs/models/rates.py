"""Dated exchange rates."""

from collections.abc import Iterable
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


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    """Reads of the tax rates."""

    def on(self, day: date, codes: Iterable[str]) -> dict[str, Decimal]:
        """The GST percent of each HSN or SAC code on `day`; a code nobody has a rate for is left out.

        The longest code that begins a code decides, as the tariff is read: chapter (2 digits), heading
        (4), subheading (6), item (8). Of its rates the latest that is in force counts.
        """
        wanted = {code: [code[:length] for length in range(len(code), 1, -1)] for code in codes}
        beginnings = {one for all_of in wanted.values() for one in all_of}
        rows = self.filter(valid_from__lte=day, hsn__in=beginnings).order_by("hsn", "valid_from")
        known = dict(rows.values_list("hsn", "gst_percent"))  # a later one takes the place
        found = {
            code: next((known[one] for one in all_of if one in known), None)
            for code, all_of in wanted.items()
        }
        return {code: percent for code, percent in found.items() if percent is not None}


class TaxRate(models.Model):
    """The GST percent of an HSN or SAC code from a day on, until a later row takes its place."""

    hsn = models.CharField("HSN/SAC", max_length=8)
    valid_from = models.DateField(_("valid from"))
    gst_percent = models.DecimalField(_("GST %"), max_digits=5, decimal_places=2)
    source = models.CharField(max_length=120, blank=True)

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hsn", "valid_from"], name="rfqs_taxrate_once_a_day"),
            models.CheckConstraint(
                condition=Q(gst_percent__gte=0, gst_percent__lte=100), name="rfqs_taxrate_percent"
            ),
            models.CheckConstraint(
                condition=Q(hsn__regex=r"^[0-9]{2,8}$"), name="rfqs_taxrate_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hsn} {self.valid_from} {self.gst_percent}"
