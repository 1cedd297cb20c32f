"""The journal, to look at."""

from django.contrib import admin

from quoteflow.admin_site import History
from quoteflow.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(History):
    """Who did what, newest first; one object's whole story by its id."""

    list_display = ["at", "verb", "actor", "object_type", "object_id", "seq"]
    list_filter = ["object_type"]
    list_select_related = ["actor"]
    search_fields = ["stream__exact", "object_id__exact", "verb__exact"]
    search_help_text = "The id of an object, or a verb such as user.change"
    ordering = ["-pk"]
    sortable_by = ()
    fields = [
        "at", "verb", "actor", "on_behalf_of", "object_type", "object_id", "stream", "seq", "before", "after",
        "request_id", "previous", "hash",
    ]  # fmt: skip
