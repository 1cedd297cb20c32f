"""Where a policy wants the signed paper of urgent work, nothing goes out or to its reviewers without that file."""

import pytest
from django.core.files.base import ContentFile

from accounts.models import Role
from quoteflow.lib.errors import Incomplete, NotAllowed
from rfqs.actions import deciding, reviewing, sourcing
from rfqs.actions.attaching import attach
from rfqs.models import ApprovalPolicy, RequestStatus
from rfqs.states import Status
from tests import stories
from tests.backoffice import entered, staff
from tests.conftest import signed_in
from tests.factories import BuyerFactory
from tests.rfqs.views.test_activating import read

pytestmark = pytest.mark.django_db

MISSING = (
    "Attach the signed approval, as a file of the kind “Urgent approval”: the policy “Paper” asks"
)


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def policy(*steps, **scope):
    made = ApprovalPolicy.objects.create(
        name="Paper", subject="publication", asks_file=True, **scope
    )
    made.bands.create(steps=list(steps or ["approver"]))
    return made


def put(story, kind="approval", by=None):
    upload = ContentFile(b"%PDF-1.7\nSigned.", "signed.pdf")
    return attach(rfq_id=story.rfq.pk, kind=kind, upload=upload, by=by or story.buyer)


def ask(story):
    return reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)


def test_it_is_reviewed_with_its_paper_only():
    story = stories.drafted(is_urgent=True)
    policy(is_urgent=True)
    with pytest.raises(Incomplete, match=MISSING):
        ask(story)
    put(story, "other")
    with pytest.raises(Incomplete, match=MISSING):
        ask(story)
    put(story)

    ask(story)

    page = read(signed_in(story.approver).get(f"/rfqs/inbox/{story.rfq.number}/"))
    assert "signed.pdf" in page
    story.decide(deciding.approve, story.approver)
    assert story.rfq.status == Status.OPEN


def test_with_nobody_as_its_step_the_paper_takes_the_place_of_the_review():
    story = stories.drafted(is_urgent=True)
    policy("nobody", is_urgent=True)
    with pytest.raises(Incomplete, match=MISSING):
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    put(story)

    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)

    story.rfq.refresh_from_db()
    assert story.rfq.status == Status.OPEN


@pytest.mark.parametrize("scope", [{"is_urgent": True}, {"is_active": False}])
def test_what_no_such_policy_covers_needs_no_paper(scope):
    story = stories.drafted(is_urgent=False)
    policy("nobody", **scope)

    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)

    story.rfq.refresh_from_db()
    assert story.rfq.status == Status.OPEN


def test_a_more_specific_policy_without_it_wins():
    story = stories.drafted(is_urgent=True)
    policy("nobody")
    ApprovalPolicy.objects.create(name="Here", subject="publication", site=story.site).bands.create(
        steps=["nobody"]
    )

    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)


def test_what_is_in_review_keeps_what_was_asked_for_then():
    story = stories.drafted(is_urgent=True)
    made = policy(is_urgent=True)
    ApprovalPolicy.objects.update(asks_file=False)
    ask(story)
    made.asks_file = True
    made.save()
    story.rfq.refresh_from_db()

    story.decide(deciding.approve, story.approver)

    assert (story.rfq.status, story.request.status) == (Status.OPEN, RequestStatus.APPROVED)


def test_who_attached_it_does_not_decide():
    story = stories.drafted(is_urgent=True)
    policy()
    author = BuyerFactory(sites=[story.site], roles=[Role.BUYER.value, Role.APPROVER.value])
    put(story, by=author)
    ask(story)
    story.rfq.refresh_from_db()

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, author)


def test_the_check_page_leads_to_the_files():
    story = stories.drafted(is_urgent=True)
    policy()

    page = read(signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/check/"))

    assert f'<a href="/rfqs/{story.rfq.number}/edit/#files">{MISSING}' in page


def test_the_back_office_asks_for_it_of_publications_and_sees_it_in_the_preview():
    office = entered(staff(is_superuser=True))
    site = stories.drafted().site
    policy()
    asked = {
        "subject": "publication", "site": str(site.pk), "commodity_type": "service", "amount": "1",
    }  # fmt: skip

    page = read(office.get("/admin/rfqs/approvalpolicy/preview/", asked))

    assert "A signed paper is asked for, too" in page
    assert "asks_file" in read(office.get("/admin/rfqs/approvalpolicy/add/"))
