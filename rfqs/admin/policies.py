"""Approval policies with their bands, valid when they are saved (DOMAIN 4)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, Site, User
from quoteflow.admin_site import MasterData, MasterDataInline, NamedFields
from rfqs import policy, routing
from rfqs.models import (
    PERSON,
    RFQ,
    SITE_HEAD,
    Activation,
    ActivationStep,
    ApprovalBand,
    ApprovalPolicy,
    ApprovalRequest,
    ApprovalStep,
    CommodityType,
    Subject,
)
from rfqs.models.policies import MOST_STEPS, NOBODY, OPTIONAL, SIGNERS

MOST_HOURS = 999
EMPTY = ("", "—")
ROLES = [one for one in SIGNERS if one[0] != PERSON]


def signers() -> list[Any]:
    """Nobody, the roles, and the people who could be asked by name."""
    people = User.objects.with_role(Role.APPROVER, Role.HEAD).order_by("full_name", "email")
    named = [(str(one.pk), f"{one.full_name} ({one.email})") for one in people]
    none = (NOBODY, gettext_lazy("Nobody: not needed"))
    return [EMPTY, (gettext_lazy("A role"), [*ROLES, none]), (gettext_lazy("A person"), named)]


class Steps(forms.MultiWidget):
    """One choice per step."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        selects = [forms.Select() for _n in range(MOST_STEPS)]
        super().__init__(selects, attrs)
        for select in selects:
            select.choices = CallableChoiceIterator(signers)

    def decompress(self, value: list[str] | None) -> list[str]:
        """The steps, and nobody after them."""
        return [*(value or []), *[""] * MOST_STEPS][:MOST_STEPS]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """A stored list is not yet one value per step."""
        value = self.decompress(value) if isinstance(value, list) else value
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for number, one in enumerate(context["widget"]["subwidgets"], start=1):
            one["attrs"]["aria-label"] = _("Step %(n)d") % {"n": number}
        return context


class StepsField(forms.MultiValueField):
    """Who signs, in order; nobody between two steps, and no person twice."""

    widget = Steps

    def __init__(self, **options: Any) -> None:
        fields = [forms.ChoiceField(choices=signers, required=False) for _n in range(MOST_STEPS)]
        super().__init__(fields, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> list[str]:
        """The steps that somebody takes."""
        chosen = [one for one in data_list if one]
        if chosen != data_list[: len(chosen)]:
            raise ValidationError(_("Fill the steps from the first on, without a gap."))
        if NOBODY in chosen and len(chosen) > 1:
            raise ValidationError(_("Nobody stands alone: choose no other step."))
        people = [one for one in chosen if one not in dict(ROLES)]
        if len(set(people)) < len(people):
            raise ValidationError(_("A person decides at most one step; choose another one."))
        return chosen

    def has_changed(self, initial: list[str] | None, data: list[str] | None) -> bool:
        """Whether other people would sign."""
        return (initial or []) != [one for one in data or [] if one]


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
        fields = [
            "name",
            "subject",
            "site",
            "commodity_type",
            "is_urgent",
            "asks_file",
            "is_active",
        ]


class RouteForm(forms.Form):
    """An approval that might come: which steps would it take?"""

    subject = forms.ChoiceField(label=gettext_lazy("For"), choices=Subject)
    site = forms.ModelChoiceField(
        required=False,
        label=gettext_lazy("Site"),
        queryset=Site.objects.filter(is_active=True).order_by("code"),
    )
    commodity_type = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=CommodityType, required=False
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    amount = forms.DecimalField(
        label=gettext_lazy("Total"),
        required=False,
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=2,
        help_text=gettext_lazy(
            "In base currency, as the award counts it. A supplier has none of these."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Of a supplier only the subject counts; everything else has a site, a type and a total."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("subject") != Subject.ACTIVATION:
            for name in ("site", "commodity_type", "amount"):
                if said.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return said

    @property
    def route(self) -> routing.Route:
        """The steps, by the policies as they are saved."""
        said = self.cleaned_data
        if said["subject"] == Subject.ACTIVATION:
            return routing.activation_route() or routing.Route("standard", ())
        names = ("site", "commodity_type", "is_urgent")
        return routing.route_for(
            RFQ(**{name: said[name] for name in names}), said["amount"], said["subject"]
        )


class BandForm(forms.ModelForm):
    """One band; its steps are chosen as a chain."""

    steps = StepsField(label=gettext_lazy("Who signs"))
    hours = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=MOST_HOURS),
        label=gettext_lazy("Hours"),
        required=False,
        help_text=gettext_lazy("Working hours for each step, as 16, 24. Empty: the usual limit."),
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
        fields = ["up_to", "steps", "hours"]

    def clean(self) -> dict[str, Any]:
        """Hours for every step, or for none."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        steps, hours = said.get("steps") or [], said.get("hours") or []
        if steps and hours and len(hours) != len(steps):
            self.add_error("hours", _("Give hours for each step, or for none."))
        return said

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
        nobody = any(row.get("steps") == [NOBODY] for row in kept)
        if nobody and self.instance.subject not in OPTIONAL:
            raise ValidationError(
                _("Only a publication or a late quotation can do without a step; name who signs.")
            )
        if self.instance.subject == Subject.ACTIVATION:
            _insist_plain([(row.get("up_to"), row) for row in kept])
        if None not in ends:
            raise ValidationError(
                _("One band needs an empty upper end, or larger awards would fall into a gap.")
            )

    def get_unique_error_message(self, unique_check: Any) -> str:
        """Two equal ends, in the words of bands."""
        return _("Two bands end at the same amount; they would overlap.")


def _insist_plain(bands: list[tuple[Decimal | None, dict[str, Any]]]) -> None:
    """A supplier has no value and no site: one band, people and roles alone."""
    if any(up_to is not None for up_to, _row in bands):
        raise ValidationError(_("A supplier has no value: one band without an upper end."))
    if any(SITE_HEAD in (row.get("steps") or []) for _end, row in bands):
        raise ValidationError(
            _("A supplier is of no site: choose an approver, a head or a person.")
        )


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


def _signers(form: RouteForm) -> list[tuple[int, str, int, int | None]]:
    """Each step with who is asked, how many people could decide it there, and its hours."""
    route, site = form.route, form.cleaned_data["site"]
    if form.cleaned_data["subject"] == Subject.ACTIVATION:
        return _activators(route)
    asked = ApprovalRequest(barred=[])  # nobody has worked on it yet
    steps = [
        ApprovalStep(role=one.role, person_id=one.person_id, site=site) for one in route.signers
    ]
    return [
        (number, label, policy.deciders(asked, step).count(), one.hours)
        for number, (label, step, one) in enumerate(
            zip(routing.labels(route), steps, route.signers, strict=True), start=1
        )
    ]


def _activators(route: routing.Route) -> list[tuple[int, str, int, int | None]]:
    asked = Activation(barred=[])
    steps = [
        ActivationStep(sequence=number, role=one.role, person_id=one.person_id)
        for number, one in enumerate(route.signers, start=1)
    ]
    return [
        (step.sequence, label, policy.activators(asked, step).count(), one.hours)
        for label, step, one in zip(routing.labels(route), steps, route.signers, strict=True)
    ]
