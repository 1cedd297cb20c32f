"""The back office: Django's admin behind the application's own sign-in.

What every admin page has in common: who may open it, that master data is kept with a trace in the
journal, and that history is only looked at (GUARANTEES 2.11).
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Manager, Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from quoteflow.audit import journal

RECENT_SECONDS = 3600  # since the password was last entered
SAVING_SECONDS = 2 * RECENT_SECONDS  # a form opened in time may be saved a while later
MOST_COUNTED = 10_000


def may_enter(request: HttpRequest) -> bool:
    """Active back office staff; a supplier never, whatever the row says."""
    user: Any = request.user
    return bool(user.is_active and user.is_staff and not getattr(user, "is_supplier", False))


def entered_password_recently(request: HttpRequest) -> bool:
    """Whether this session proved who it is within the hour (a form may take two)."""
    records = get_authentication_records(request, request.user)
    latest = max((record.get("at", 0) for record in records), default=0)
    limit = RECENT_SECONDS if request.method in ("GET", "HEAD") else SAVING_SECONDS
    return time.time() - latest < limit


class BackOffice(admin.AdminSite):
    """Master data, users and policies; no status, no money, no password."""

    site_header = gettext_lazy("QuoteFlow back office")
    site_title = gettext_lazy("QuoteFlow back office")
    index_title = gettext_lazy("Master data, people and policies")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff whose password is fresh."""
        return may_enter(request) and entered_password_recently(request)

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Send people to the one sign-in page, staff to confirm who they are, others away."""
        wanted = request.GET.get("next") or resolve_url("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not may_enter(request):
            raise PermissionDenied
        return redirect_to_login(wanted, resolve_url("account_reauthenticate"))


def checked(check: Callable[[str], str], text: str) -> str:
    """Return `check(text)`; what it complains of is a complaint of the form, empty stays empty."""
    if not text.strip():
        return ""
    try:
        return check(text)
    except ValueError as complaint:
        raise ValidationError(str(complaint)) from None


class CappedPaginator(Paginator):
    """Counts no further than anybody pages; narrowing the search shows the rest."""

    @cached_property
    def count(self) -> int:
        """The number of rows, at most MOST_COUNTED."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class _Listed(admin.ModelAdmin):
    """A list of constant cost that can be narrowed only by what it offers."""

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    paginator = CappedPaginator

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/admin.js"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everyone in the back office sees the whole index."""
        return may_enter(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone in the back office may look."""
        return may_enter(request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No question by address that the page does not offer: it would tell hidden values."""
        offered = [name for name in self.list_filter if isinstance(name, str)]
        named = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return named and super().lookup_allowed(lookup, value, request)


class History(_Listed):
    """Rows that are looked at: nothing is added, changed or deleted here."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History is made by the actions alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History does not change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History stays."""
        return False


class HistoryInline(admin.TabularInline):
    """Rows of a parent that are looked at."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the parent."""
        return may_enter(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False


class _Kept:
    """The back office may add and change, and delete what nothing refers to."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone in the back office."""
        return may_enter(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone in the back office."""
        return may_enter(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone in the back office."""
        return may_enter(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone in the back office; what is referred to is protected by the database."""
        return may_enter(request)


class NamedFields(BaseInlineFormSet):
    """Rows whose fields say their names to a screen reader; the column heads alone do not."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name every field of the row, the tick that deletes it too."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name))


class MasterDataInline(_Kept, admin.TabularInline):
    """Rows of a parent that the back office keeps."""

    extra = 0
    formset = NamedFields


class MasterData(_Kept, _Listed):
    """Words and figures the back office keeps; every change is written to the journal."""

    personal: tuple[str, ...] = ()  # fields whose values stay out of the journal (ADR 0005)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Remember what was stored, then store."""
        form.before = {}
        if change:
            stored = self.model._default_manager.get(pk=obj.pk)  # noqa: SLF001
            form.before = self._facts(stored, form.changed_data)
        super().save_model(request, obj, form, change)

    def save_related(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Iterable[Any],
        change: bool,  # noqa: FBT001
    ) -> None:
        """Store the rows below, then write all of it to the journal."""
        formsets = list(formsets)
        leaving = [self._leaving(formset) for formset in formsets]
        super().save_related(request, form, formsets, change)
        verb = "change" if change else "create"
        after = self._facts(form.instance, form.changed_data)
        if after or not change:
            self._record(request, verb, form.instance, form.instance, (form.before, after))
        for formset, deleted in zip(formsets, leaving, strict=True):
            self._record_rows(request, form.instance, formset, deleted)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Record, then delete."""
        names = self.form._meta.fields or _columns(obj)  # noqa: SLF001
        self._record(request, "delete", obj, obj, (self._facts(obj, names), {}))
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One by one, so that each is recorded."""
        for obj in queryset:
            self.delete_model(request, obj)

    def _leaving(self, formset: Any) -> list[tuple[Model, dict[str, Any]]]:
        """Copies of the rows that saving will delete; deleting takes their keys away."""
        rows = [form.instance for form in formset.deleted_forms if form.instance.pk]
        return [(type(row)(pk=row.pk), self._facts(row, _columns(row))) for row in rows]

    def _record_rows(
        self,
        request: HttpRequest,
        parent: Model,
        formset: Any,
        deleted: list[tuple[Model, dict[str, Any]]],
    ) -> None:
        for row in formset.new_objects:
            facts = self._facts(row, _columns(row))
            self._record(request, "create", row, parent, ({}, facts))
        for row, names in formset.changed_objects:
            initial = next(form.initial for form in formset.initial_forms if form.instance == row)
            before = {name: self._shown(name, initial.get(name)) for name in names}
            self._record(request, "change", row, parent, (before, self._facts(row, names)))
        for row, facts in deleted:
            self._record(request, "delete", row, parent, (facts, {}))

    def _record(
        self,
        request: HttpRequest,
        verb: str,
        row: Model,
        parent: Model,
        change: tuple[Mapping[str, Any], Mapping[str, Any]],
    ) -> None:
        before, after = change
        name = f"{row._meta.model_name}.{verb}"  # noqa: SLF001
        journal.record(
            name,
            row,
            by=request.user,
            stream=parent.pk,
            before=dict(before),
            after=dict(after),
        )

    def _facts(self, obj: Model, names: Iterable[str]) -> dict[str, Any]:
        known = {field.name for field in obj._meta.get_fields()}  # noqa: SLF001
        return {name: self._shown(name, getattr(obj, name)) for name in names if name in known}

    def _shown(self, name: str, value: Any) -> Any:
        """A value as the journal keeps it: ids of rows, amounts as text, nothing personal."""
        if name in self.personal:
            return "personal"
        if isinstance(value, Manager):
            return sorted(str(pk) for pk in value.values_list("pk", flat=True))
        if isinstance(value, Model):
            return str(value.pk)
        if isinstance(value, list | bool | int | str) or value is None:
            return value
        return value.isoformat() if isinstance(value, date) else str(value)


def _columns(obj: Model) -> list[str]:
    """What a person can write; a hash is nobody's to read."""
    return [field.name for field in obj._meta.concrete_fields if field.editable]  # noqa: SLF001
