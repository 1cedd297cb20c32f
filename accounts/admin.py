"""People and sites in the back office.

Who may do what is decided here once more on the server: a field that is not offered is not
accepted either (GUARANTEES 2.11).
"""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Delegation, Holiday, Role, Site, User
from quoteflow.admin_site import History, MasterData, checked, may_enter
from quoteflow.audit import journal
from quoteflow.lib.countries import NAMES
from quoteflow.lib.gstin import check_gstin

SUPERUSERS_ONLY = ("is_staff", "is_superuser", "groups", "user_permissions")
COUNTRIES = sorted(NAMES.items(), key=lambda pair: pair[1])
NOT_ONES_OWN = ("roles", "sites", "admits_late", "is_active", *SUPERUSERS_ONLY)


class SiteForm(forms.ModelForm):
    """A site whose tax number, country and code can be right."""

    country = forms.ChoiceField(choices=COUNTRIES, initial="IN")
    minimum_bids = forms.IntegerField(min_value=1, max_value=50, initial=3)

    class Meta:
        model = Site
        fields = [
            "code", "name", "is_active", "address", "city", "state", "country", "time_zone", "gstin", "head",
            "minimum_bids", "minimum_lead_minutes", "sealed_by_default", "takes_apd_numbers",
        ]  # fmt: skip

    def clean_gstin(self) -> str:
        """Shape and check digit."""
        return checked(check_gstin, self.cleaned_data["gstin"])

    def clean_head(self) -> User | None:
        """Somebody who may decide."""
        head: User | None = self.cleaned_data["head"]
        if head is not None and not head.is_head:
            raise ValidationError(_("The head of a site needs the role Head."))
        return head


@admin.register(Site)
class SiteAdmin(MasterData):
    """Plants and offices."""

    form = SiteForm
    list_display = [
        "code",
        "name",
        "city",
        "head",
        "minimum_bids",
        "sealed_by_default",
        "is_active",
    ]
    list_filter = ["is_active"]
    list_select_related = ["head"]
    search_fields = ["code", "name", "city"]
    ordering = ["code"]
    autocomplete_fields = ["head"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A site where people work is retired, not deleted."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.users.exists())


class PersonForm(forms.ModelForm):
    """A person; which fields there are depends on who asks (PersonAdmin)."""

    roles = forms.MultipleChoiceField(
        choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ["email", "full_name", *NOT_ONES_OWN, "time_zone"]

    def clean_email(self) -> str:
        """Addresses are lower case, so that signing in ignores case."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """A supplier's person is nothing else, and never back office."""
        facts: dict[str, Any] = super().clean() or {}
        roles = facts.get("roles", self.instance.roles)
        staff = facts.get("is_staff", self.instance.is_staff)
        if Role.SUPPLIER.value in roles and (len(roles) > 1 or staff):
            raise ValidationError(
                _("A supplier's person holds no other role and is never back office.")
            )
        return facts


@admin.register(User)
class PersonAdmin(MasterData):
    """People: roles, sites, active or not. No password is set or shown here."""

    form = PersonForm
    personal = ("email", "full_name")
    list_display = ["email", "full_name", "role_names", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "full_name"]
    ordering = ["email"]
    autocomplete_fields = ["sites"]
    actions = ["send_password_reset"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "email",
                    "full_name",
                    "is_active",
                    "roles",
                    "sites",
                    "admits_late",
                    "time_zone",
                ]
            },
        ),
        (gettext_lazy("Back office"), {"fields": ["is_staff", "is_superuser"]}),
        (gettext_lazy("History"), {"fields": ["last_login", "joined_at"]}),
    ]

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, user: User) -> str:
        """The roles, as people call them."""
        return ", ".join(str(Role(role).label) for role in user.roles)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Groups and permissions are for superusers to see."""
        fieldsets: list[Any] = list(self.fieldsets or [])
        if request.user.is_superuser:
            rights = {"fields": ["groups", "user_permissions"], "classes": ["collapse"]}
            fieldsets.insert(2, (gettext_lazy("Permissions"), rights))
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What this person may not change is not part of the form at all."""
        fixed = ["last_login", "joined_at", *_untouchable(request.user, obj)]
        return list(dict.fromkeys(fixed))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser is changed by superusers alone."""
        return super().has_change_permission(request, obj) and _may_touch(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never oneself; a superuser by superusers alone."""
        allowed = super().has_delete_permission(request, obj) and _may_touch(request.user, obj)
        return allowed and (obj is None or obj.pk != request.user.pk)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        """Insist once more on who may change what; a new person has no password yet."""
        stored = User.objects.filter(pk=obj.pk).first() if change else None
        if not _may_touch(request.user, stored):
            raise PermissionDenied
        if set(form.changed_data) & set(_untouchable(request.user, stored)):
            raise PermissionDenied
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_reset_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone in the back office: the mail goes to the person alone."""
        return may_enter(request)

    @admin.action(description=gettext_lazy("Send a password reset mail"), permissions=["reset"])
    def send_password_reset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail a link to each active person of the selection."""
        count = 0
        for user in queryset.filter(is_active=True):
            form = ResetPasswordForm({"email": user.email})
            if form.is_valid():
                form.save(request)
                journal.record("user.reset_mail", user, by=request.user)
                count += 1
        text = ngettext(
            "%(n)d person gets a password reset mail.",
            "%(n)d people get a password reset mail.",
            count,
        )
        self.message_user(request, text % {"n": count}, messages.SUCCESS)


def _untouchable(by: Any, person: User | None) -> tuple[str, ...]:
    """The fields of `person` that `by` may not change."""
    if person is not None and person.pk == by.pk:
        return NOT_ONES_OWN
    return () if by.is_superuser else SUPERUSERS_ONLY


def _may_touch(by: Any, person: User | None) -> bool:
    return person is None or by.is_superuser or not person.is_superuser


@admin.register(Delegation)
class DelegationAdmin(History):
    """Who decided for whom, and when; people make and end it themselves."""

    list_display = ["person", "deputy", "starts_at", "ends_at", "revoked_at"]
    list_select_related = ["person", "deputy"]
    search_fields = ["person__email", "deputy__email"]
    ordering = ["-starts_at", "-pk"]
    sortable_by = ()
    fields = ["person", "deputy", "starts_at", "ends_at", "reason", "made_at", "revoked_at"]


@admin.register(Holiday)
class HolidayAdmin(MasterData):
    """Days that do not count for time limits."""

    fields = ["on", "name", "site"]
    list_display = ["on", "name", "site"]
    list_select_related = ["site"]
    search_fields = ["name"]
    ordering = ["-on", "pk"]
    autocomplete_fields = ["site"]
