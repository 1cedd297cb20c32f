"""For every trigger of the requests' tables, writes past the actions that it must refuse.

Several breaks of one guard are told apart after a colon.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Delegation, Role
from rfqs.actions import awarding
from rfqs.models import (
    RFQ,
    Award,
    Decision,
    Opening,
    PurchaseOrderLine,
    QuotationLine,
    StoredStatement,
    SubmittedContent,
)
from tests import stories
from tests.architecture.breaking import Break, World, clone, decision
from tests.factories import ApproverFactory, HeadFactory, SiteFactory, UserFactory
from tests.negotiating import next_round as another_round
from tests.negotiating import opened_again
from tests.pasts import close, tamper


def sql(statement: str, *values: Any) -> None:
    """Write past the models."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def status(start: str, end: str) -> Break:
    """Set a request's status by hand."""

    def change(world: World) -> None:
        story = {"draft": world.drafted, "pending": world.submitted, "approved": world.approved}[
            start
        ]
        sql("UPDATE rfqs_rfq SET status = %s WHERE id = %s", end, story.rfq.pk)

    return change


def deadline(change: timedelta | None) -> Break:
    """Move the closing time of an open request."""

    def move(_world: World) -> None:
        rfq = stories.opened().rfq
        new = None if change is None else rfq.deadline + change
        sql("UPDATE rfqs_rfq SET deadline = %s WHERE id = %s", new, rfq.pk)

    return move


def revive(_world: World) -> None:
    """Move a closing time that has passed."""
    rfq = stories.opened().rfq
    close(rfq)
    sql("UPDATE rfqs_rfq SET deadline = now() + interval '1 day' WHERE id = %s", rfq.pk)


def next_round(on: int, closes: str = "1 day") -> Break:
    """Begin another round by hand, so many `on`."""
    statement = (
        "UPDATE rfqs_rfq SET status = 'open', round = round + %s,"
        " deadline = clock_timestamp() + %s::interval WHERE id = %s"
    )
    return lambda world: sql(statement, on, closes, world.picked.rfq.pk)


def of_the_round_before() -> None:
    """An award line that names what was quoted in the round before."""
    story = opened_again(another_round(stories.evaluated(), 0))
    quotation = story.rfq.quotations.get(round=2)
    pick = awarding.Pick(story.rfq.lines.get().pk, quotation.pk)
    award = awarding.save_draft(rfq_id=story.rfq.pk, picks=[pick], by=story.buyer)
    before = QuotationLine.objects.get(
        quotation__round=1, quotation__rfq=story.rfq, quotation__supplier=quotation.supplier
    )
    award.lines.update(quotation_line=before)


def by(**person: Any) -> Break:
    """A decision on the pending award by somebody of this kind."""

    def decide(world: World) -> None:
        facts = {"roles": [Role.APPROVER.value], "sites": [world.submitted.site]} | person
        decision(by=UserFactory(**facts))(world)

    return decide


def another_than_named(world: World) -> None:
    """A step that names one person, decided by another approver of the site."""
    story = world.submitted
    story.request.steps.update(role="person", person=ApproverFactory(sites=[story.site]))
    decision()(world)


def own_work(name: str) -> Break:
    """A decision by somebody who worked on it, whom nobody thought of barring."""

    def decide(world: World) -> None:
        story = world.submitted
        person = ApproverFactory(sites=[story.site])
        if name == "barred":
            story.rfq.approval_requests.update(barred=[person.pk])
        elif name == "asked":
            story.rfq.approval_requests.update(requested_by=person)
        elif name == "requester":
            RFQ.objects.filter(pk=story.rfq.pk).update(requester=person)
        elif name == "author":
            tamper("rfqs_award", "UPDATE rfqs_award SET author_id = %s", person.pk)
        else:
            tamper("rfqs_quotation", "UPDATE rfqs_quotation SET entered_by_id = %s", person.pk)
        decision(by=person)(world)

    return decide


def on_behalf(
    starts: timedelta | None = None,
    principal: str = "approver",
    revoked_at: Any = None,
    **person: Any,
) -> Break:
    """A decision in the name of somebody who delegated it for a day beginning `starts` from now, or never."""

    def decide(world: World) -> None:
        story = world.submitted
        away = getattr(story, principal)
        roles = person.get("roles", [Role.APPROVER.value])
        deputy = UserFactory(roles=roles)
        if starts is not None:
            begin = timezone.now() + starts - timedelta(seconds=1)
            Delegation.objects.create(
                person=away, deputy=deputy, starts_at=begin, ends_at=begin + timedelta(days=1),
                revoked_at=revoked_at,
            )  # fmt: skip
        decision(by=deputy, on_behalf_of=away)(world)

    return decide


def second_by_deputy(world: World) -> None:
    """Who decided the first step lets a deputy decide the second."""
    asked, away = world.submitted.request, world.submitted.approver
    asked.steps.create(sequence=2, role="approver", site=world.submitted.site)
    decision()(world)
    asked.steps.filter(sequence=1).update(status="approved")
    asked.steps.filter(sequence=2).update(status="active", activated_at=timezone.now())
    deputy = ApproverFactory()
    now = timezone.now()
    Delegation.objects.create(
        person=away,
        deputy=deputy,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    decision(step=asked.steps.get(sequence=2), by=deputy, on_behalf_of=away)(world)


def out_of_order(world: World) -> None:
    """The second step before the first."""
    asked = world.submitted.request
    asked.steps.filter(sequence=1).update(status="waiting")
    second = asked.steps.create(
        sequence=2,
        role="head",
        site=world.submitted.site,
        status="active",
        activated_at=timezone.now(),
    )
    decision(step=second, by=HeadFactory())(world)


def not_active(world: World) -> None:
    """A step that waits."""
    world.submitted.request.steps.update(status="waiting")
    decision()(world)


def closed_request(world: World) -> None:
    """A step of an approval that is over."""
    world.submitted.rfq.approval_requests.update(status="voided", closed_at=timezone.now())
    decision()(world)


def award_line(**changes: Any) -> Break:
    """A changed line of the draft award."""
    return lambda world: world.award.lines.update(**changes)


def other_answer(world: World, **quotation: Any) -> None:
    """Point the draft award's line at the other quotation, after changing that."""
    line = world.award.lines.get()
    other = world.picked.rfq.quotations.exclude(pk=line.quotation_line.quotation_id).get()
    world.picked.rfq.quotations.filter(pk=other.pk).update(**quotation)
    answer = other.lines.get()
    clone(
        line, quotation_line=answer, supplier=other.supplier, unit_price=answer.unit_price,
        currency=other.currency, quantity=Decimal(1), order_quantity=Decimal(1),
    )  # fmt: skip


def foreign_answer(world: World) -> None:
    """An award line of a quotation of another request."""
    other = stories.evaluated(prices=("10",)).rfq.quotations.get()
    clone(world.award.lines.get(), quotation_line=other.lines.get(), supplier=other.supplier)


def beyond_need(world: World) -> None:
    """Two suppliers with more than is needed between them."""
    world.award.lines.update(quantity=Decimal(100), order_quantity=Decimal(100))
    other_answer(world)


def of_pending(world: World) -> Any:
    """The lines of the quotations under approval."""
    return QuotationLine.objects.filter(quotation__rfq=world.submitted.rfq)


def words(world: World, **changes: Any) -> None:
    """Change what the request under approval says."""
    RFQ.objects.filter(pk=world.submitted.rfq.pk).update(**changes)


def order_line(**changes: Any) -> Break:
    """A changed line of an order."""
    return lambda _world: PurchaseOrderLine.objects.update(**changes)


GUARDS: dict[str, Break] = {
    # G2: a request moves along the arrows
    "rfqs_rfq_arrow:skips the approval": status("draft", "approved"),
    "rfqs_rfq_arrow:back to draft": status("pending", "draft"),
    "rfqs_rfq_arrow:after the end": status("approved", "rejected"),
    # DOMAIN 3: invitations and quotations move along their arrows
    "rfqs_invitation_arrow:back to the draft": lambda world: world.submitted.rfq.invitations.update(
        status="created"
    ),
    "rfqs_invitation_arrow:quoted at once": lambda world: world.drafted.rfq.invitations.update(
        status="quoted"
    ),
    "rfqs_quotation_arrow:back to the draft": lambda world: world.picked.rfq.quotations.update(
        status="draft"
    ),
    "rfqs_quotation_arrow:after the outcome": lambda world: world.approved.rfq.quotations.update(
        status="withdrawn"
    ),
    # S3: a closing time moves only later, and not after it has passed
    "rfqs_rfq_deadline_moves_later:earlier": deadline(-timedelta(microseconds=1)),
    "rfqs_rfq_deadline_moves_later:away": deadline(None),
    "rfqs_rfq_deadline_moves_later:too late": revive,
    "rfqs_rfq_deadline_moves_later:out of the evaluation": lambda world: sql(
        "UPDATE rfqs_rfq SET deadline = deadline + interval '1 day' WHERE id = %s",
        world.picked.rfq.pk,
    ),
    "rfqs_rfq_deadline_moves_later:with the opening": lambda _world: sql(
        "UPDATE rfqs_rfq SET deadline = deadline - interval '1 hour', status = 'evaluation' WHERE id = %s",
        stories.opened().rfq.pk,
    ),
    # DOMAIN 2: another round is the next one, and sets its own closing time
    "rfqs_rfq_round_is_the_next:the same": next_round(0),
    "rfqs_rfq_round_is_the_next:the next but one": next_round(2),
    "rfqs_rfq_round_is_the_next:without an arrow": lambda world: sql(
        "UPDATE rfqs_rfq SET round = round + 1 WHERE id = %s", world.picked.rfq.pk
    ),
    "rfqs_rfq_round_closes_later": next_round(1, "-1 second"),
    # G1: a number is given once
    "rfqs_rfq_number_is_given_once:number": lambda _world: sql(
        "UPDATE rfqs_rfq SET number = left(id::text, 20)"
    ),
    "rfqs_rfq_number_is_given_once:serial": lambda _world: sql(
        "UPDATE rfqs_rfq SET serial = serial + 9"
    ),
    "rfqs_rfq_number_is_given_once:site": lambda _world: RFQ.objects.update(site=SiteFactory()),
    "rfqs_rfq_kept": lambda world: sql("DELETE FROM rfqs_rfq WHERE id = %s", world.approved.rfq.pk),
    # G4: the lines of a published request are frozen
    "rfqs_line_frozen:change": lambda world: world.picked.rfq.lines.update(quantity=Decimal(1)),
    "rfqs_line_frozen:delete": lambda world: sql(
        "DELETE FROM rfqs_rfqline WHERE rfq_id = %s", world.picked.rfq.pk
    ),
    "rfqs_line_frozen:add": lambda world: clone(world.picked.rfq.lines.get(), position=2),
    # W4: what was submitted stays as it was
    "rfqs_award_kept": lambda world: sql(
        "DELETE FROM rfqs_award WHERE rfq_id = %s", world.approved.rfq.pk
    ),
    "rfqs_award_immutable:total": lambda world: world.approved.rfq.awards.update(total=Decimal(1)),
    "rfqs_award_immutable:reasons": lambda world: world.approved.rfq.awards.update(
        reasons={"a": 1}
    ),
    "rfqs_award_immutable:status": lambda world: world.approved.rfq.awards.update(status="draft"),
    "rfqs_awardline_frozen:change": lambda world: Award.objects.get(
        rfq=world.submitted.rfq
    ).lines.update(quantity=Decimal(1)),
    "rfqs_awardline_frozen:delete": lambda world: sql(
        "DELETE FROM rfqs_awardline WHERE award_id = %s", world.submitted.request.award_id
    ),
    "rfqs_awardline_frozen:gap": lambda world: world.submitted.request.award.gaps.create(
        rfq_line=world.submitted.rfq.lines.get(), reason="later"
    ),
    # W3: an award line names a live quotation line of its own request and round
    "rfqs_awardline_source:price": award_line(unit_price=Decimal(1)),
    "rfqs_awardline_source:currency": award_line(currency="USD"),
    "rfqs_awardline_source:other request": foreign_answer,
    "rfqs_awardline_source:superseded": lambda world: other_answer(world, status="superseded"),
    "rfqs_awardline_source:unconfirmed": lambda world: other_answer(
        world, status="needs_reconfirmation"
    ),
    "rfqs_awardline_source:disqualified": lambda world: other_answer(
        world, status="disqualified", disqualified_reason="wrong grade"
    ),
    "rfqs_awardline_source:other round": lambda _world: of_the_round_before(),
    # W1, W2
    "rfqs_awardline_within_need": beyond_need,
    "rfqs_award_total_is_sum": lambda world: world.picked.rfq.awards.update(
        status="pending", total=Decimal(1), submitted_at=timezone.now()
    ),
    # A1-A4, A6, A7
    "rfqs_decision_belongs": lambda world: decision(rfq=world.picked.rfq)(world),
    "rfqs_decision_in_order:second first": out_of_order,
    "rfqs_decision_in_order:waiting": not_active,
    "rfqs_decision_in_order:over": closed_request,
    "rfqs_decision_not_own_work:barred": own_work("barred"),
    "rfqs_decision_not_own_work:asked": own_work("asked"),
    "rfqs_decision_not_own_work:requester": own_work("requester"),
    "rfqs_decision_not_own_work:author": own_work("author"),
    "rfqs_decision_not_own_work:typist": own_work("typist"),
    "rfqs_decision_by_role:other role": by(roles=[Role.BUYER.value]),
    "rfqs_decision_by_role:head before the time is over": by(roles=[Role.HEAD.value]),
    "rfqs_decision_by_role:another than named": another_than_named,
    "rfqs_decision_by_role:superuser": by(roles=[], is_superuser=True, is_staff=True),
    "rfqs_decision_by_role:supplier": by(roles=[Role.SUPPLIER.value]),
    "rfqs_decision_by_role:inactive": by(is_active=False),
    "rfqs_decision_by_role:deputy of nobody": on_behalf(),
    "rfqs_decision_by_role:deputy too early": on_behalf(starts=timedelta(hours=1)),
    "rfqs_decision_by_role:deputy too late": on_behalf(starts=-timedelta(days=9)),
    "rfqs_decision_by_role:deputy ended": on_behalf(starts=timedelta(0), revoked_at=timezone.now()),
    "rfqs_decision_by_role:deputy who is a supplier": on_behalf(
        starts=timedelta(0), roles=[Role.SUPPLIER.value]
    ),
    "rfqs_decision_by_role:for whom it is not": on_behalf(starts=timedelta(0), principal="head"),
    "rfqs_decision_not_own_work:for the buyer": on_behalf(starts=timedelta(0), principal="buyer"),
    "rfqs_decision_one_step_each:deputy after the one away": second_by_deputy,
    "rfqs_decision_same_content": decision(content_hash="0" * 64),
    "rfqs_decision_stays:change": lambda _world: Decision.objects.update(comment="changed"),
    "rfqs_decision_stays:delete": lambda _world: sql("DELETE FROM rfqs_decision"),
    "rfqs_storedstatement_stays:change": lambda _world: StoredStatement.objects.update(result="{}"),
    "rfqs_storedstatement_stays:delete": lambda _world: sql("DELETE FROM rfqs_storedstatement"),
    "rfqs_order_arrow": lambda world: world.approved.rfq.orders.update(
        status="closed",
        issued_at=timezone.now(),
        revision=1,
        acknowledged_at=timezone.now(),
        acknowledgement="by mail",
    ),
    "rfqs_opening_stays:change": lambda _world: Opening.objects.update(count=0),
    "rfqs_opening_stays:delete": lambda _world: sql("DELETE FROM rfqs_opening"),
    # A5: what is under approval is frozen, with all it rests on
    "rfqs_submittedcontent_stays:change": lambda _world: SubmittedContent.objects.update(text="{}"),
    "rfqs_submittedcontent_stays:delete": lambda _world: sql("DELETE FROM rfqs_submittedcontent"),
    "rfqs_quotation_frozen:change": lambda world: world.submitted.rfq.quotations.update(
        payment_terms="100 % advance"
    ),
    "rfqs_quotation_frozen:after the end": lambda world: world.approved.rfq.quotations.update(
        payment_terms="100 % advance"
    ),
    "rfqs_quotation_frozen:add": lambda world: clone(
        world.submitted.rfq.quotations.first(), revision=9, status="superseded"
    ),
    "rfqs_quotationline_frozen:change": lambda world: of_pending(world).update(unit_price=1),
    "rfqs_quotationline_frozen:delete": lambda world: sql(
        "DELETE FROM rfqs_quotationline WHERE id = %s", of_pending(world).first().pk
    ),
    "rfqs_quotationline_frozen:add": lambda world: clone(of_pending(world).first()),
    "rfqs_rfq_frozen:words": lambda world: words(world, title="Gold bolts"),
    "rfqs_rfq_frozen:rates": lambda world: words(world, rates={"EUR": "1"}),
    "rfqs_rfq_frozen:taxes": lambda world: words(world, added_taxes={"1": {"gst": "0"}}),
    "rfqs_rfq_frozen:comparison": lambda world: words(world, tax_basis="gross"),
    "rfqs_award_frozen:words": lambda world: world.submitted.rfq.awards.update(
        recommendation="Trust me."
    ),
    "rfqs_award_frozen:total": lambda world: world.submitted.rfq.awards.update(total=Decimal(1)),
    # DOMAIN 5: an order line repeats its award line
    "rfqs_orderline_equals_award:quantity": order_line(quantity=Decimal(1)),
    "rfqs_orderline_equals_award:price": order_line(unit_price=Decimal(1)),
}
