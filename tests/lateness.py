"""Late quotations that a policy covers, taken to where somebody decides them."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Delegation
from rfqs.actions import late
from rfqs.models import ApprovalPolicy
from tests import pasts, stories
from tests.factories import ApproverFactory

WHY = "their courier had an accident at the gate"
NO = "the reason is not good enough"
PRICED = stories.GOODS_LINE | {"target_price": Decimal("50.0000")}  # 5,000.00 in all


def policy(*bands, **scope):
    made = ApprovalPolicy.objects.create(name="Late", subject="late", **scope)
    for up_to, steps in bands or [(None, ["approver"])]:
        made.bands.create(up_to=up_to, steps=list(steps))


def closed(**options):
    """Closed, with one quotation of three; the buyer may admit late ones."""
    story = stories.opened(**({"lines": [PRICED], "suppliers": 3} | options))
    stories.quote(story, story.suppliers[0], "11")
    pasts.close(story.rfq)
    story.buyer.admits_late = True
    story.buyer.save(update_fields=["admits_late"])
    return story


def of(story, which=1, **more):
    facts = {"rfq_id": story.rfq.pk, "supplier_id": story.suppliers[which].pk, "by": story.buyer}
    return facts | more


def asked(*bands, scope=None, **options):
    """A late quotation that waits for its approval by a policy."""
    policy(*bands, **(scope or {}))
    story = closed(**options)
    late.ask(**of(story, reason=WHY))
    return story


def deputy_of(person):
    deputy, now = ApproverFactory(), timezone.now()
    Delegation.objects.create(
        person=person, deputy=deputy, starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    return deputy
