"""The journal in the back office."""

from quoteflow.audit.models import AuditEvent
from tests import stories
from tests.backoffice import entered, staff


def test_an_objects_story_is_found_by_its_id(db):
    story = stories.drafted()
    stories.drafted()

    listed = entered(staff()).get(f"/admin/audit/auditevent/?q={story.rfq.pk}")

    events = AuditEvent.objects.filter(stream=story.rfq.pk).order_by("-pk")
    assert list(listed.context["cl"].result_list) == list(events)
