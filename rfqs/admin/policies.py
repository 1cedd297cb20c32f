"""Approval policies with their bands, valid when they are saved (DOMAIN 4)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, Site, User
from quoteflow.admin_site import MasterData, MasterDataInline, NamedFields
from rfqs.models import RFQ, ApprovalBand, ApprovalPolicy, CommodityType, Subject
from rfqs.routing import Route, route_for

APPROVER, HEAD = Role.APPROVER, Role.HEAD
CHAINS = ((APPROVER,), (HEAD,), (APPROVER, APPROVER), (APPROVER, HEAD), (APPROVER, APPROVER, HEAD))


class PolicyForm(forms.ModelForm):
    """A policy; an open question of urgency means both."""

    is_urgent = forms.TypedChoiceField(
        choices=[
            ("", gettext_lazy("Urgent or not")),
            ("True", gettext_lazy("Urgent only")),
            ("False", gettext_lazy("Not urgent only")),
        ],
        coerce=lambda text: text == "True",
        empty_value=None,
        required=False,
        label=gettext_lazy("Urgency"),
    )

    class Meta:
        model = ApprovalPolicy
        fields = ["name", "subject", "site", "commodity_type", "is_urgent", "is_active"]


class RouteForm(forms.Form):
    """An approval that might come: which steps would it take?"""

    subject = forms.ChoiceField(label=gettext_lazy("For"), choices=Subject)
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.filter(is_active=True).order_by("code")
    )
    commodity_type = forms.ChoiceField(label=gettext_lazy("Type"), choices=CommodityType)
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    amount = forms.DecimalField(
        label=gettext_lazy("Total"),
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=2,
        help_text=gettext_lazy("In base currency, as the award counts it."),
    )

    @property
    def route(self) -> Route:
        """The steps, by the policies as they are saved."""
        said = self.cleaned_data
        names = ("site", "commodity_type", "is_urgent")
        return route_for(
            RFQ(**{name: said[name] for name in names}), said["amount"], said["subject"]
        )


class BandForm(forms.ModelForm):
    """One band; its steps are chosen as a chain."""

    steps = forms.TypedChoiceField(
        choices=[
            ("", "---------"),
            *((">".join(chain), " → ".join(str(role.label) for role in chain)) for chain in CHAINS),
        ],
        coerce=lambda text: text.split(">"),
        help_text=gettext_lazy("Who signs, in this order."),
    )

    up_to = forms.DecimalField(
        max_digits=18,
        decimal_places=2,
        required=False,
        label=gettext_lazy("Up to"),
        help_text=gettext_lazy("Inclusive, in base currency. Empty: no limit."),
    )

    class Meta:
        model = ApprovalBand
        fields = ["up_to", "steps"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.steps:
            self.initial["steps"] = ">".join(self.instance.steps)

    def clean_up_to(self) -> Decimal | None:
        """An amount above nothing, or no end."""
        up_to: Decimal | None = self.cleaned_data["up_to"]
        if up_to is not None and up_to <= 0:
            raise ValidationError(_("A band ends at more than 0."))
        return up_to


class Bands(NamedFields):
    """The bands of one policy: each ends where the next begins, and the last has no end."""

    def clean(self) -> None:
        """No gap, no overlap, 0 to infinity: distinct upper ends, one of them open."""
        super().clean()
        if any(self.errors):
            return
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        ends = [row.get("up_to") for row in kept]
        if len(set(ends)) < len(ends):
            raise ValidationError(self.get_unique_error_message(("up_to",)))
        if None not in ends:
            raise ValidationError(
                _("One band needs an empty upper end, or larger awards would fall into a gap.")
            )

    def get_unique_error_message(self, unique_check: Any) -> str:
        """Two equal ends, in the words of bands."""
        return _("Two bands end at the same amount; they would overlap.")


class BandInline(MasterDataInline):
    """The bands."""

    model = ApprovalBand
    form = BandForm
    formset = Bands
    ordering = ["up_to"]


@admin.register(ApprovalPolicy)
class ApprovalPolicyAdmin(MasterData):
    """Who must say yes to what; running approvals keep the steps they began with."""

    form = PolicyForm
    inlines = [BandInline]
    list_display = ["name", "subject", "site", "commodity_type", "is_urgent", "is_active"]
    list_filter = ["subject", "is_active"]
    list_select_related = ["site"]
    search_fields = ["name"]
    ordering = ["name"]
    autocomplete_fields = ["site"]

    def get_urls(self) -> list[Any]:
        """The preview beside Django's own addresses, behind the same door."""
        view = self.admin_site.admin_view(self.preview)
        return [path("preview/", view, name="rfqs_approvalpolicy_preview"), *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Which route would this take? Asked by GET; it stores nothing."""
        form = RouteForm(request.GET or None)
        context: dict[str, Any] = {"form": form, "title": _("Which route would this take?")}
        valid = form.is_valid()
        if valid:
            context |= {"route": form.route, "steps": _signers(form)}
        context |= self.admin_site.each_context(request)
        status = 422 if form.is_bound and not valid else 200
        return render(request, "admin/rfqs/approvalpolicy/preview.html", context, status=status)


def _signers(form: RouteForm) -> list[tuple[int, str, int]]:
    """Each step with its role and how many people hold it: approvers of the site, heads anywhere."""
    counts = {}
    for role in set(form.route.steps):
        people = User.objects.with_role(role)
        counts[role] = (
            people if role == Role.HEAD else people.filter(sites=form.cleaned_data["site"])
        ).count()
    return [
        (number, str(Role(role).label), counts[role])
        for number, role in enumerate(form.route.steps, start=1)
    ]
