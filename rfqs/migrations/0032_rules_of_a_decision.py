"""The rules of a decision, asked in one query: it is written with every approval."""

from django.db import migrations

# What stands first in the CASE is said first; a step nobody knows breaks the first rule.
FORWARD = """
CREATE OR REPLACE FUNCTION rfqs_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
  SELECT CASE
    WHEN NEW.request_id <> r.id OR NEW.rfq_id <> r.rfq_id THEN 'rfqs_decision_belongs'
    WHEN r.status <> 'pending' OR s.status <> 'active' OR EXISTS (
        SELECT 1 FROM rfqs_approvalstep e WHERE e.request_id = r.id AND e.sequence < s.sequence AND e.status <> 'approved')
      THEN 'rfqs_decision_in_order'
    WHEN ARRAY[u.id, p.id] && r.barred OR r.requested_by_id IN (u.id, p.id)
        OR EXISTS (SELECT 1 FROM rfqs_rfq q WHERE q.id = r.rfq_id AND q.requester_id IN (u.id, p.id))
        OR EXISTS (SELECT 1 FROM rfqs_award a WHERE a.id = r.award_id AND a.author_id IN (u.id, p.id))
        OR EXISTS (SELECT 1 FROM rfqs_quotation q WHERE q.rfq_id = r.rfq_id AND q.entered_by_id IN (u.id, p.id))
      THEN 'rfqs_decision_not_own_work'
    WHEN NOT u.is_active OR 'supplier' = ANY (u.roles) OR NOT p.is_active
        OR NOT (s.role = ANY (p.roles) OR s.is_escalated AND 'head' = ANY (p.roles)
                OR s.person_id IS NOT DISTINCT FROM p.id AND p.roles && ARRAY['approver', 'head']::varchar[])
        OR (NEW.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM accounts_delegation g WHERE g.person_id = p.id AND g.deputy_id = u.id AND g.revoked_at IS NULL
            AND g.starts_at <= clock_timestamp() AND g.ends_at > clock_timestamp()))
      THEN 'rfqs_decision_by_role'
    WHEN EXISTS (SELECT 1 FROM rfqs_decision d WHERE d.request_id = r.id AND d.step_id <> s.id
                 AND (d.by_id <> u.id AND d.by_id = p.id OR d.on_behalf_of_id IN (u.id, p.id)))
      THEN 'rfqs_decision_one_step_each'
    WHEN NEW.content_hash <> r.content_hash THEN 'rfqs_decision_same_content'
    END INTO broken
  FROM rfqs_approvalstep s
    JOIN rfqs_approvalrequest r ON r.id = s.request_id
    JOIN accounts_user u ON u.id = NEW.by_id
    JOIN accounts_user p ON p.id = COALESCE(NEW.on_behalf_of_id, NEW.by_id)
  WHERE s.id = NEW.step_id;
  IF NOT FOUND THEN
    broken := 'rfqs_decision_belongs';
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = broken, MESSAGE = CASE broken
      WHEN 'rfqs_decision_belongs' THEN 'a decision belongs to its step''s request'
      WHEN 'rfqs_decision_in_order' THEN 'steps are decided in order, while they are active'
      WHEN 'rfqs_decision_not_own_work' THEN 'nobody decides on their own work, nor lets a deputy do so'
      WHEN 'rfqs_decision_by_role' THEN 'the decider does not hold the role of the step, nor stands in for who does'
      WHEN 'rfqs_decision_one_step_each' THEN 'one step each: who decided, or had a deputy decide, decides no other step'
      ELSE 'what was decided is not what was submitted' END;
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION rfqs_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s rfqs_approvalstep; r rfqs_approvalrequest; u accounts_user; p accounts_user; people uuid[];
BEGIN
  SELECT * INTO s FROM rfqs_approvalstep WHERE id = NEW.step_id;
  SELECT * INTO r FROM rfqs_approvalrequest WHERE id = s.request_id;
  SELECT * INTO u FROM accounts_user WHERE id = NEW.by_id;
  SELECT * INTO p FROM accounts_user WHERE id = COALESCE(NEW.on_behalf_of_id, NEW.by_id);
  people := ARRAY[u.id, p.id];
  IF NEW.request_id <> r.id OR NEW.rfq_id <> r.rfq_id THEN
    RAISE EXCEPTION 'a decision belongs to its step''s request'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_belongs';
  END IF;
  IF r.status <> 'pending' OR s.status <> 'active' OR EXISTS (
      SELECT 1 FROM rfqs_approvalstep e WHERE e.request_id = r.id AND e.sequence < s.sequence AND e.status <> 'approved') THEN
    RAISE EXCEPTION 'steps are decided in order, while they are active'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_in_order';
  END IF;
  IF people && r.barred OR r.requested_by_id = ANY (people)
     OR EXISTS (SELECT 1 FROM rfqs_rfq q WHERE q.id = r.rfq_id AND q.requester_id = ANY (people))
     OR EXISTS (SELECT 1 FROM rfqs_award a WHERE a.id = r.award_id AND a.author_id = ANY (people))
     OR EXISTS (SELECT 1 FROM rfqs_quotation q WHERE q.rfq_id = r.rfq_id AND q.entered_by_id = ANY (people)) THEN
    RAISE EXCEPTION 'nobody decides on their own work, nor lets a deputy do so'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_not_own_work';
  END IF;
  IF NOT u.is_active OR 'supplier' = ANY (u.roles) OR NOT p.is_active
     OR NOT (s.role = ANY (p.roles) OR s.is_escalated AND 'head' = ANY (p.roles)
             OR s.person_id IS NOT DISTINCT FROM p.id AND p.roles && ARRAY['approver', 'head']::varchar[])
     OR (NEW.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM accounts_delegation g WHERE g.person_id = p.id AND g.deputy_id = u.id AND g.revoked_at IS NULL
         AND g.starts_at <= clock_timestamp() AND g.ends_at > clock_timestamp())) THEN
    RAISE EXCEPTION 'the decider does not hold the role of the step, nor stands in for who does'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_by_role';
  END IF;
  IF EXISTS (SELECT 1 FROM rfqs_decision d WHERE d.request_id = r.id AND d.step_id <> s.id
             AND (d.by_id <> u.id AND d.by_id = p.id OR d.on_behalf_of_id = ANY (people))) THEN
    RAISE EXCEPTION 'one step each: who decided, or had a deputy decide, decides no other step'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_one_step_each';
  END IF;
  IF NEW.content_hash <> r.content_hash THEN
    RAISE EXCEPTION 'what was decided is not what was submitted'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_same_content';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0031_present_round")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
