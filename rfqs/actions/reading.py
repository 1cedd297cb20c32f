"""What reading leaves in the journal."""

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from rfqs.models import Attachment


@action
def record_download(*, attachment: Attachment, by: User | None) -> None:
    """Note that this person took a copy of the file; None is the supplier who was asked."""
    after = {"name": attachment.name, "version": attachment.version}
    journal.record("rfq.download", attachment, by=by, stream=attachment.rfq_id, after=after)
