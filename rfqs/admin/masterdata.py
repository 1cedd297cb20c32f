"""Units, items and exchange rates."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoteflow.admin_site import MasterData, MasterDataInline, checked
from quoteflow.lib.currencies import currency_code
from quoteflow.lib.units import normalised
from rfqs.models import ExchangeRate, Item, ItemUnit, TaxRate, Unit, UnitAlias


class AliasForm(forms.ModelForm):
    """A spelling, stored as it is looked up."""

    class Meta:
        model = UnitAlias
        fields = ["alias"]

    def clean_alias(self) -> str:
        """Without case, spaces and dots: `Nos.` is NOS."""
        alias = normalised(self.cleaned_data["alias"])
        if not alias:
            raise ValidationError(_("Write at least one letter or digit."))
        return alias


class AliasInline(MasterDataInline):
    """What people write for the unit."""

    model = UnitAlias
    form = AliasForm


@admin.register(Unit)
class UnitAdmin(MasterData):
    """Units of measure by their standard codes."""

    inlines = [AliasInline]
    list_display = ["code", "name", "symbol", "dimension", "factor", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code__iexact", "name", "symbol", "aliases__alias__iexact"]
    ordering = ["code"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        """A code that stands in requests stays what it is."""
        return ["code"] if obj else []


class ItemForm(forms.ModelForm):
    """An item; the last price is a fact, not a word."""

    class Meta:
        model = Item
        fields = [
            "code", "description", "specification", "unit", "category", "hsn", "gst_percent", "is_active",
        ]  # fmt: skip

    def clean_hsn(self) -> str:
        """Four, six or eight digits (HSN), or six (SAC)."""
        hsn: str = self.cleaned_data["hsn"].replace(" ", "")
        if hsn and not (hsn.isdigit() and len(hsn) in (4, 6, 8)):
            raise ValidationError(_("An HSN or SAC code has 4, 6 or 8 digits."))
        return hsn


class ItemUnitInline(MasterDataInline):
    """The item's own conversions."""

    model = ItemUnit
    autocomplete_fields = ["unit"]


@admin.register(Item)
class ItemAdmin(MasterData):
    """The catalogue. Last prices are written by approved awards and imports."""

    form = ItemForm
    inlines = [ItemUnitInline]
    list_display = ["code", "description", "unit", "category", "hsn", "gst_percent", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["unit"]
    autocomplete_fields = ["unit"]
    ordering = ["code"]
    search_fields = ["search_text"]
    search_help_text = gettext_lazy("Code, description, specification or category")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Through the trigram index, as the pages search."""
        return queryset.search(search_term), False


class RateForm(forms.ModelForm):
    """A rate of a foreign currency, not from the future, from a named source."""

    class Meta:
        model = ExchangeRate
        fields = ["currency", "on", "rate_to_base", "source"]

    def clean_currency(self) -> str:
        """A currency of ISO 4217 other than the base currency."""
        currency = checked(currency_code, self.cleaned_data["currency"])
        if currency == settings.BASE_CURRENCY:
            raise ValidationError(_("The base currency has no rate: it is 1."))
        return currency

    def clean_rate_to_base(self) -> Decimal:
        """More than nothing: a missing rate is no row."""
        rate: Decimal = self.cleaned_data["rate_to_base"]
        if rate <= 0:
            raise ValidationError(_("A rate is more than 0."))
        return rate

    def clean_on(self) -> Any:
        """Rates are known when their day has come."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("The date lies in the future."))
        return day

    def clean_source(self) -> str:
        """Where the rate was read."""
        source: str = self.cleaned_data["source"].strip()
        if not source:
            raise ValidationError(_("Say where the rate comes from."))
        return source


@admin.register(ExchangeRate)
class ExchangeRateAdmin(MasterData):
    """Rates by day; what an evaluation froze stays as it was."""

    form = RateForm
    list_display = ["currency", "on", "rate_to_base", "source"]
    list_filter = ["currency"]
    ordering = ["-on", "currency"]


class TaxRateForm(forms.ModelForm):
    """The GST percent of a code from a day on, which may lie ahead, from a named source."""

    class Meta:
        model = TaxRate
        fields = ["hsn", "valid_from", "gst_percent", "source"]

    def clean_hsn(self) -> str:
        """Two to eight digits."""
        code: str = self.cleaned_data["hsn"].strip()
        if not (code.isascii() and code.isdigit() and len(code) > 1):
            raise ValidationError(_("An HSN or SAC code has 2 to 8 digits, such as 7318."))
        return code

    def clean_gst_percent(self) -> Decimal:
        """A percentage; 0 is what the tariff calls nil."""
        percent: Decimal = self.cleaned_data["gst_percent"]
        if not 0 <= percent <= 100:  # noqa: PLR2004 (percent)
            raise ValidationError(_("A percentage is between 0 and 100."))
        return percent

    def clean_source(self) -> str:
        """Where the rate was read: a notification, as a rule."""
        source: str = self.cleaned_data["source"].strip()
        if not source:
            raise ValidationError(_("Say where the rate comes from."))
        return source


@admin.register(TaxRate)
class TaxRateAdmin(MasterData):
    """GST by HSN or SAC; lines that were written keep the percent they were written with."""

    form = TaxRateForm
    list_display = ["hsn", "valid_from", "gst_percent", "source"]
    list_filter = ["gst_percent"]
    search_fields = ["hsn", "source"]
    ordering = ["hsn", "-valid_from"]
