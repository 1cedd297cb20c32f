"""Writing to the journal, in the transaction of the change it records."""

from typing import Any

from django.db.models import Model

from quoteflow.audit.models import AuditEvent
from quoteflow.lib import jsonlog
from quoteflow.lib.inserting import insert


def record(  # noqa: PLR0913 (the columns of an event)
    verb: str,
    target: Model,
    *,
    by: Any,
    on_behalf_of: Any = None,
    stream: object | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one event about `target` done by `by` (a User, or None for the system).

    `on_behalf_of` is the person `by` stood in for. `stream` is the object whose story this belongs to
    (an RFQ's id), by default the target itself. `before` and `after` hold only what changed, as JSON
    values: ids, states, texts, amounts as strings. Call it inside the transaction that makes the change.
    """
    insert(
        [
            AuditEvent(
                stream=str(stream or target.pk),
                actor=by,
                on_behalf_of=on_behalf_of,
                verb=verb,
                object_type=target._meta.label_lower,  # noqa: SLF001 (Django's own public name for it)
                object_id=str(target.pk),
                before=before or {},
                after=after or {},
                request_id=jsonlog.current_request_id(),
            )
        ]
    )
