"""One batch of invented requests, from the temporary tables into the real ones."""

from datetime import datetime
from typing import LiteralString

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from quoteflow.audit.models import AuditEvent
from rfqs.bulk import planning
from rfqs.bulk.inserting import insert
from rfqs.models import (
    RFQ,
    ApprovalRequest,
    ApprovalStep,
    Award,
    AwardLine,
    Decision,
    Invitation,
    Quotation,
    QuotationLine,
    RFQLine,
)

SPAN = "730 days"  # over which the requests spread

ANSWERED: LiteralString = "bulk_plan p JOIN bulk_asked a USING (g) WHERE p.quoted"
AWARDED: LiteralString = (
    "bulk_plan p JOIN bulk_total t USING (g) WHERE p.status IN ('pending', 'approved')"
)
SUMMED: LiteralString = """
bulk_plan p JOIN (
  SELECT g, sum(quantity * last_price) AS last, string_agg(concat_ws(' ',
    CASE WHEN kind = 'provided_data' THEN code END, description,
    CASE WHEN kind = 'transport' THEN from_place || ' ' || to_place END), ' ' ORDER BY n) AS words
  FROM bulk_line GROUP BY g) l USING (g)
JOIN (SELECT g, string_agg(words, ' ' ORDER BY k) AS words FROM bulk_asked GROUP BY g) a USING (g)
LEFT JOIN bulk_total t USING (g)
"""
COUNTERS: LiteralString = """
INSERT INTO rfqs_counter (scope, value) SELECT scope, max(serial) FROM bulk_plan GROUP BY scope
ON CONFLICT (scope) DO UPDATE SET value = excluded.value
"""
SUBMITTED: LiteralString = """
UPDATE rfqs_award a SET status = 'pending', total = t.total, submitted_at = p.deadline + interval '1 hour'
FROM bulk_plan p JOIN bulk_total t USING (g) WHERE a.rfq_id = p.id
"""
SIGNED: LiteralString = """
UPDATE rfqs_approvalstep s SET status = 'approved'
FROM rfqs_decision d, bulk_plan p WHERE d.step_id = s.id AND d.rfq_id = p.id
"""
CLOSED: LiteralString = """
UPDATE rfqs_approvalrequest r SET status = 'approved', closed_at = p.deadline + interval '2 hours'
FROM bulk_plan p WHERE r.rfq_id = p.id AND p.status = 'approved'
"""
GRANTED: LiteralString = """
UPDATE rfqs_award a SET status = 'approved', approved_at = p.deadline + interval '2 hours'
FROM bulk_plan p WHERE a.rfq_id = p.id AND p.status = 'approved'
"""
SETTLED: LiteralString = """
UPDATE rfqs_quotation q SET status = CASE WHEN q.id = t.quotation_id THEN 'awarded' ELSE 'not_awarded' END
FROM bulk_plan p JOIN bulk_total t USING (g) WHERE q.rfq_id = p.id AND p.status = 'approved'
"""
COUNTED: LiteralString = """
SELECT (SELECT count(*) * 2 FROM bulk_plan) + (SELECT count(*) FROM bulk_line) + (SELECT count(*) FROM bulk_asked)
  + (SELECT count(*) FROM bulk_offer) + (SELECT count(*) * 5 FROM bulk_plan WHERE quoted)
"""


def begin(seed: int) -> None:
    """Make the functions and the lists a session needs before its first batch."""
    _run(planning.FUNCTIONS, seed=seed)
    _run(planning.MASTERS, per_site=settings.RFQ_NUMBER_SCOPE == "site")


@transaction.atomic
def write(
    start: int, until: int, *, first: int, last: int, now: datetime, waiting: bool = False
) -> int:
    """Insert the requests `start` to `until` of a load from `first` to `last`; count the rows.

    `now` is the time of the newest one; deadlines lie before and after it. With `waiting` each of them
    waits for an approval.
    """
    facts = {"first": start, "until": until, "last": last, "total": last - first + 1, "now": now}
    facts |= {"span": SPAN, "lines": planning.LINES, "offers": planning.OFFERS, "waiting": waiting}
    with connection.cursor() as cursor:
        _run(_typed(planning.PLAN), **facts)
        for statement in (*_requests(), *_awards(), COUNTED):
            cursor.execute(statement)
        (rows,) = cursor.fetchone()
    return int(rows)


def analyse() -> None:
    """Let the planner know what is there; the triggers' statements are planned anew."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def settle() -> None:
    """Do what the database would do by itself some minutes later: the search index takes in what waits."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def _run(template: LiteralString, **facts: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(template).format(**{name: sql.Literal(value) for name, value in facts.items()})
        )


def _typed(template: LiteralString) -> LiteralString:
    """Literals have no type of their own where only arithmetic surrounds them."""
    return template.replace("{now}", "{now}::timestamptz").replace("{span}", "{span}::interval")


def _requests() -> list[sql.Composed | LiteralString]:
    """Lines, suppliers and quotations first: the request that freezes them comes last."""
    return [
        insert(
            RFQLine, "bulk_line", id="id", rfq_id="rfq_id", kind="kind", position="n", description="description",
            quantity="quantity", unit_id="unit_id", gst_percent="18", last_price="last_price",
            item_id="CASE WHEN kind = 'provided_data' THEN item_id END",
            item_code="CASE WHEN kind = 'provided_data' THEN code ELSE '' END",
            hsn="CASE WHEN kind = 'provided_data' THEN hsn ELSE '' END",
            work_type="CASE WHEN kind = 'service' THEN 'amc' ELSE '' END",
            periods="CASE WHEN kind = 'service' THEN 1 END",
            period_unit="CASE WHEN kind = 'service' THEN 'once' ELSE '' END",
            from_location="CASE WHEN kind = 'transport' THEN from_place ELSE '' END",
            to_location="CASE WHEN kind = 'transport' THEN to_place ELSE '' END",
            trips_per_month="CASE WHEN kind = 'transport' THEN 4 END",
            months="CASE WHEN kind = 'transport' THEN quantity / 4 END",
        ),
        insert(
            Invitation, "bulk_plan p JOIN bulk_asked a USING (g)", id="a.id", rfq_id="p.id",
            supplier_id="supplier_id", created_at="at",
            sent_at="CASE WHEN published THEN at + interval '1 hour' END",
            status="CASE WHEN quoted THEN 'quoted' WHEN published THEN 'sent' ELSE 'created' END",
        ),
        insert(
            Quotation, ANSWERED, id="quotation_id", rfq_id="p.id", invitation_id="a.id",
            supplier_id="supplier_id", currency="'INR'", freight_term="'included'",
            quote_ref="'Q/' || g || '/' || k", quoted_on="(at + interval '1 day')::date",
            payment_terms="'30 days'",
            lead_days="pg_temp.dice(g + k, 15, 40)",
            entered_by_id="requester_id", channel="'mail'", received_at="at + interval '1 day'",
            no_source_reason="'invented for measuring'", submitted_at="at + interval '1 day'",
            created_at="at + interval '1 day'",
        ),
        insert(
            QuotationLine, "bulk_offer", id="id", quotation_id="quotation_id", line_id="line_id",
            unit_price="price", gst_percent="18", lead_days="pg_temp.dice(g + n, 16, 40)",
        ),
        insert(
            RFQ,
            SUMMED,
            id="p.id", number="number", serial="serial", site_id="site_id", requester_id="requester_id",
            commodity_type="kind", status="status", title="title", deadline="deadline",
            delivery_place="site_place || ' works'", line_count="10", invited_count="5",
            quotation_count="CASE WHEN quoted THEN 5 ELSE 0 END", best_total="total", last_total="round(last, 2)",
            versus_last="round((total - last) / last * 100, 2)",
            search_text="upper(number || ' ' || title || ' ' || l.words || ' ' || a.words)",
            rates_on="CASE WHEN status IN ('evaluation', 'pending', 'approved') THEN deadline::date END",
            closing_reason="CASE WHEN status IN ('cancelled', 'unsuccessful') THEN 'not needed' ELSE '' END",
            created_at="at", updated_at="at", published_at="CASE WHEN published THEN at + interval '1 hour' END",
            decided_at="CASE WHEN status IN ('approved', 'rejected') THEN deadline + interval '2 hours' END",
        ),
        insert(
            AuditEvent, "bulk_plan", stream="id::text", actor_id="requester_id", verb="'rfq.create'",
            object_type="'rfqs.rfq'", object_id="id::text",
            after="jsonb_build_object('number', number, 'title', title)",
        ),
        COUNTERS,
    ]  # fmt: skip


def _awards() -> list[sql.Composed | LiteralString]:
    """Everything to the cheapest; two steps wait where a request is pending, one signed where it is approved.

    The content hash stands for one: a first step can be approved, the last one would refuse it.
    """
    return [
        insert(
            Award, AWARDED, id="pg_temp.key(at, 'award' || g)", rfq_id="p.id", author_id="requester_id",
            created_at="deadline + interval '1 hour'",
        ),
        insert(
            AwardLine, "bulk_plan p JOIN bulk_total t USING (g) JOIN bulk_offer o USING (g, quotation_id)"
            " WHERE p.status IN ('pending', 'approved')", id="pg_temp.key(at, 'share' || g || ':' || n)",
            award_id="pg_temp.key(at, 'award' || g)", rfq_line_id="line_id", quotation_line_id="o.id",
            supplier_id="o.supplier_id", quantity="quantity", order_quantity="quantity", unit_price="price",
            currency="'INR'", basic="cost", cost="cost", is_lowest="is_lowest",
        ),
        SUBMITTED,
        insert(
            ApprovalRequest, AWARDED, id="pg_temp.key(at, 'approval' || g)", rfq_id="p.id",
            award_id="pg_temp.key(at, 'award' || g)", amount="total", policy_name="'standard'",
            requested_by_id="requester_id", barred="ARRAY[requester_id]", content_hash="repeat(md5(g::text), 2)",
            created_at="deadline + interval '1 hour'",
        ),
        insert(
            ApprovalStep, "bulk_plan p JOIN bulk_total t USING (g) JOIN generate_series(1, 2) sequence"
            " ON sequence = 1 OR p.status = 'pending' WHERE p.status IN ('pending', 'approved')",
            id="pg_temp.key(at, 'step' || g || ':' || sequence)", request_id="pg_temp.key(at, 'approval' || g)",
            sequence="sequence", role="CASE sequence WHEN 1 THEN 'approver' ELSE 'head' END", site_id="site_id",
            status="CASE sequence WHEN 1 THEN 'active' ELSE 'waiting' END",
            activated_at="CASE sequence WHEN 1 THEN deadline + interval '1 hour' END",
        ),
        insert(
            Decision, "bulk_plan p JOIN bulk_total t USING (g) WHERE p.status = 'approved'",
            id="pg_temp.key(at, 'decision' || g)", step_id="pg_temp.key(at, 'step' || g || ':1')",
            request_id="pg_temp.key(at, 'approval' || g)", rfq_id="p.id", outcome="'approved'",
            by_id="approver_id",
            content_hash="repeat(md5(g::text), 2)", at="deadline + interval '2 hours'",
        ),
        SIGNED, CLOSED, GRANTED, SETTLED,
    ]  # fmt: skip
