"""The outbox, to look at; a failed message can be sent again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quoteflow.admin_site import History, may_enter
from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(History):
    """Which mail went to whom. Never what it says: a letter may hold a price or a reset link."""

    list_display = ["created_at", "kind", "to", "state", "attempts", "sent_at"]
    list_filter = ["state", "kind"]
    search_fields = ["recipient__exact"]
    search_help_text = _("The whole e-mail address")
    ordering = ["-pk"]
    sortable_by = ()
    fields = [
        "kind", "to", "state", "attempts", "last_error", "not_before", "created_at", "sent_at",
    ]  # fmt: skip
    actions = ["send_again"]

    @admin.display(description=_("recipient"))
    def to(self, message: OutboxMessage) -> str:
        """The address; of a receipt for a quotation it would say who has quoted."""
        return "—" if message.is_confidential else message.recipient

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage], search_term: str
    ) -> tuple[QuerySet[OutboxMessage], bool]:
        """By the whole address, among those that may be told."""
        found, twice = super().get_search_results(request, queryset, search_term)
        return (found.exclude(is_confidential=True) if search_term else found), twice

    def has_resend_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everyone in the back office."""
        return may_enter(request)

    @admin.action(description=_("Send failed messages again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """Put the failed ones of the selection back into the queue."""
        pks = list(queryset.values_list("pk", flat=True))
        count = outbox.send_again(message_ids=pks, by=request.user)
        text = ngettext("%(n)d message is queued again.", "%(n)d messages are queued again.", count)
        self.message_user(request, text % {"n": count}, messages.SUCCESS)
