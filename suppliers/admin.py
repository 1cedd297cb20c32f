"""Suppliers and their contacts in the back office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from quoteflow.admin_site import MasterData, MasterDataInline, NamedFields, checked
from quoteflow.lib.countries import NAMES
from quoteflow.lib.currencies import currency_code
from quoteflow.lib.gstin import check_gstin
from suppliers.activation import needs_approval
from suppliers.models import Contact, Supplier, SupplierStatus

COUNTRIES = sorted(NAMES.items(), key=lambda pair: pair[1])


class SupplierForm(forms.ModelForm):
    """A supplier whose codes and numbers can be right."""

    country = forms.ChoiceField(choices=COUNTRIES, initial="IN")
    rating = forms.DecimalField(
        min_value=0, max_value=5, max_digits=2, decimal_places=1, required=False
    )

    class Meta:
        model = Supplier
        fields = [
            "code", "name", "category", "status", "rating", "email", "phone", "address", "city", "state",
            "postal_code", "country", "gstin", "vat_number", "currency", "payment_terms",
        ]  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        """A new supplier is not active by itself where that is approved."""
        super().__init__(*args, **options)
        if self.instance._state.adding and needs_approval():  # noqa: SLF001 (Django's own)
            self.initial["status"] = SupplierStatus.PENDING

    def clean_status(self) -> str:
        """Where a policy asks for an approval, nobody makes a supplier active here."""
        status: str = self.cleaned_data["status"]
        was = None if self.instance._state.adding else self.instance.status  # noqa: SLF001
        if status == SupplierStatus.ACTIVE and was != status and needs_approval():
            raise ValidationError(
                _("A policy asks for an approval before a supplier becomes active. Save it as “Pending approval”,"
                  " then use “Activation” above the form to ask for it.")
            )  # fmt: skip
        return status

    def clean_gstin(self) -> str:
        """Shape and check digit."""
        return checked(check_gstin, self.cleaned_data["gstin"])

    def clean_currency(self) -> str:
        """A currency of ISO 4217."""
        return checked(currency_code, self.cleaned_data["currency"])


class ContactForm(forms.ModelForm):
    """A contact whose account, if any, is a supplier's."""

    class Meta:
        model = Contact
        fields = ["name", "email", "phone", "is_primary", "is_active", "user"]

    def clean_user(self) -> User | None:
        """Staff never see a request as a supplier."""
        user: User | None = self.cleaned_data["user"]
        if user is not None and not user.is_supplier:
            raise ValidationError(_("The account of a contact needs the role Supplier."))
        return user


class OnePrimary(NamedFields):
    """The contacts of one supplier."""

    def clean(self) -> None:
        """At most one of them gets the mail first."""
        super().clean()
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        if sum(bool(form.cleaned_data.get("is_primary")) for form in kept) > 1:
            raise ValidationError(_("Only one contact can be the primary one."))


class ContactInline(MasterDataInline):
    """The people who get the requests."""

    model = Contact
    form = ContactForm
    formset = OnePrimary
    autocomplete_fields = ["user"]


@admin.register(Supplier)
class SupplierAdmin(MasterData):
    """Companies that may quote."""

    form = SupplierForm
    inlines = [ContactInline]
    personal = ("name", "email", "phone", "address")
    list_display = ["code", "name", "category", "city", "country", "currency", "status"]
    list_filter = ["status", "currency"]
    ordering = ["code"]
    search_fields = ["search_text"]
    search_help_text = gettext_lazy("Code, name, category, place, GSTIN or e-mail address")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Through the trigram index, as the pages search."""
        return queryset.search(search_term), False
