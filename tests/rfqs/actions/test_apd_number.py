"""The pricing team's number of an approved award."""

import pytest

from accounts.models import Role, Site
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from rfqs.actions import deciding
from tests import stories
from tests.conftest import signed_in
from tests.factories import UserFactory
from tests.trails import last_event

pytestmark = pytest.mark.django_db


def test_the_pricing_team_numbers_an_approved_award_once():
    story = stories.approved()
    pricing = UserFactory(roles=[Role.PRICING.value], sites=[story.site])
    facts = {"rfq_id": story.rfq.pk, "by": pricing}

    for wrong in ("", " ", "x" * 41):
        with pytest.raises(Incomplete):
            deciding.add_apd_number(**facts, apd_number=wrong)
    award = deciding.add_apd_number(**facts, apd_number=" APD  7 ")
    assert award.apd_number == "APD 7"
    assert last_event(story.rfq).after == {"apd_number": "APD 7"}
    with pytest.raises(DomainError, match="has the APD number APD 7 already"):
        deciding.add_apd_number(**facts, apd_number="APD 8")


def test_an_apd_number_is_given_to_one_award_by_the_pricing_team_after_approval():
    first, second, pending = stories.approved(), stories.approved(), stories.submitted()
    sites = [story.site for story in (first, second, pending)]
    pricing = UserFactory(roles=[Role.PRICING.value], sites=sites)
    deciding.add_apd_number(rfq_id=first.rfq.pk, by=pricing, apd_number="APD 7")

    with pytest.raises(Incomplete, match="taken by another award"):
        deciding.add_apd_number(rfq_id=second.rfq.pk, by=pricing, apd_number="APD 7")
    with pytest.raises(DomainError, match="Only an approved award"):
        deciding.add_apd_number(rfq_id=pending.rfq.pk, by=pricing, apd_number="APD 8")
    with pytest.raises(NotAllowed):
        deciding.add_apd_number(rfq_id=second.rfq.pk, by=second.buyer, apd_number="APD 8")


def test_a_site_may_do_without_apd_numbers():
    story = stories.approved()
    pricing = UserFactory(roles=[Role.PRICING.value], sites=[story.site])
    page = f"/rfqs/{story.rfq.number}/award/"
    assert "APD number" in signed_in(pricing).get(page).content.decode()
    Site.objects.update(takes_apd_numbers=False)

    with pytest.raises(NotAllowed, match="where the site takes them"):
        deciding.add_apd_number(rfq_id=story.rfq.pk, by=pricing, apd_number="APD 7")

    assert "APD number" not in signed_in(pricing).get(page).content.decode()
