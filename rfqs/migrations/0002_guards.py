"""The invariants of DOMAIN 6 that a CHECK cannot say: triggers that hold for every way in."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION rfqs_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

-- G2: a request moves along the arrows only. S3: its closing time moves only later, and not after it has passed.
CREATE FUNCTION rfqs_rfq_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
    ('draft','review'), ('draft','open'), ('draft','cancelled'),
    ('review','draft'), ('review','open'), ('review','cancelled'),
    ('open','evaluation'), ('open','unsuccessful'), ('open','cancelled'),
    ('evaluation','open'), ('evaluation','unsuccessful'), ('evaluation','pending'), ('evaluation','cancelled'),
    ('pending','evaluation'), ('pending','rejected'), ('pending','approved'), ('pending','cancelled'),
    ('approved','evaluation')) THEN
    RAISE EXCEPTION 'a request does not go from % to %', OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_arrow';
  END IF;
  IF OLD.status = 'open' AND NEW.status = 'open' AND NEW.deadline IS DISTINCT FROM OLD.deadline
     AND (NEW.deadline IS NULL OR NEW.deadline < OLD.deadline OR OLD.deadline <= clock_timestamp()) THEN
    RAISE EXCEPTION 'a closing time moves only later, and not after it has passed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_deadline_moves_later';
  END IF;
  IF NEW.number <> OLD.number OR NEW.serial <> OLD.serial OR NEW.site_id <> OLD.site_id THEN
    RAISE EXCEPTION 'a number is given once'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_number_is_given_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_rfq_guard BEFORE UPDATE ON rfqs_rfq FOR EACH ROW EXECUTE FUNCTION rfqs_rfq_guard();
CREATE FUNCTION rfqs_rfq_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'a published request is kept'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rfqs_rfq_kept';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER rfqs_rfq_kept BEFORE DELETE ON rfqs_rfq FOR EACH ROW EXECUTE FUNCTION rfqs_rfq_kept();

-- G4: the lines of a published request are frozen.
CREATE FUNCTION rfqs_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  SELECT status INTO state FROM rfqs_rfq WHERE id = COALESCE(NEW.rfq_id, OLD.rfq_id);
  IF state IS NOT NULL AND state <> 'draft' THEN
    RAISE EXCEPTION 'the lines of a published request are frozen'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_line_frozen';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER rfqs_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON rfqs_rfqline
  FOR EACH ROW EXECUTE FUNCTION rfqs_line_frozen();

-- W4: what was submitted stays as it was; an approved award only gets its APD number or is cancelled.
CREATE FUNCTION rfqs_award_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' THEN
      RAISE EXCEPTION 'a submitted award is kept'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rfqs_award_kept';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status IN ('approved', 'rejected', 'cancelled') AND (
       (NEW.status <> OLD.status AND NOT (OLD.status = 'approved' AND NEW.status = 'cancelled'))
       OR NEW.total IS DISTINCT FROM OLD.total OR NEW.reasons <> OLD.reasons
       OR NEW.author_id <> OLD.author_id OR NEW.rfq_id <> OLD.rfq_id
       OR NEW.recommendation <> OLD.recommendation) THEN
    RAISE EXCEPTION 'a decided award does not change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_award_immutable';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_award_guard BEFORE UPDATE OR DELETE ON rfqs_award
  FOR EACH ROW EXECUTE FUNCTION rfqs_award_guard();
CREATE FUNCTION rfqs_awardpart_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  SELECT status INTO state FROM rfqs_award WHERE id = COALESCE(NEW.award_id, OLD.award_id);
  IF state IS NOT NULL AND state <> 'draft' THEN
    RAISE EXCEPTION 'the lines of a submitted award are frozen'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_awardline_frozen';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER rfqs_awardline_frozen BEFORE INSERT OR UPDATE OR DELETE ON rfqs_awardline
  FOR EACH ROW EXECUTE FUNCTION rfqs_awardpart_frozen();
CREATE TRIGGER rfqs_awardgap_frozen BEFORE INSERT OR UPDATE OR DELETE ON rfqs_awardgap
  FOR EACH ROW EXECUTE FUNCTION rfqs_awardpart_frozen();

-- W3: an award line names a live quotation line of the current round of its own request.
CREATE FUNCTION rfqs_awardline_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM rfqs_quotationline ql
      JOIN rfqs_quotation q ON q.id = ql.quotation_id
      JOIN rfqs_award a ON a.id = NEW.award_id
      JOIN rfqs_rfq r ON r.id = a.rfq_id
    WHERE ql.id = NEW.quotation_line_id AND ql.line_id = NEW.rfq_line_id AND ql.unit_price IS NOT NULL
      AND q.rfq_id = r.id AND q.round = r.round AND q.supplier_id = NEW.supplier_id
      AND q.status = 'submitted' AND q.currency = NEW.currency AND ql.unit_price = NEW.unit_price) THEN
    RAISE EXCEPTION 'an award line names a live quotation line of its own request and round'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_awardline_source';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_awardline_source BEFORE INSERT OR UPDATE ON rfqs_awardline
  FOR EACH ROW EXECUTE FUNCTION rfqs_awardline_source();

-- W1: the awarded need of a line never exceeds what is required. W2: a submitted award's total is the sum of its lines.
CREATE FUNCTION rfqs_award_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_award uuid; bad text; a rfqs_award; summed numeric;
BEGIN
  the_award := COALESCE(to_jsonb(NEW) ->> 'award_id', to_jsonb(NEW) ->> 'id')::uuid;
  SELECT * INTO a FROM rfqs_award WHERE id = the_award;
  IF a.id IS NULL THEN RETURN NULL; END IF;
  -- min() and not LIMIT 1, for which the planner would walk through all lines there are.
  SELECT min(beyond.position)::text INTO bad FROM (
    SELECT l.position FROM rfqs_awardline al JOIN rfqs_rfqline l ON l.id = al.rfq_line_id
    WHERE al.award_id = the_award GROUP BY l.id, l.position, l.quantity HAVING sum(al.quantity) > l.quantity) beyond;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'line % is awarded beyond the required quantity', bad
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_awardline_within_need';
  END IF;
  IF a.status IN ('pending', 'approved') THEN
    SELECT COALESCE(sum(cost), 0) INTO summed FROM rfqs_awardline WHERE award_id = the_award;
    IF summed <> a.total THEN
      RAISE EXCEPTION 'the award total % is not the sum of its lines %', a.total, summed
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_award_total_is_sum';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rfqs_award_sums AFTER INSERT OR UPDATE ON rfqs_award
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rfqs_award_sums();
CREATE CONSTRAINT TRIGGER rfqs_awardline_sums AFTER INSERT OR UPDATE ON rfqs_awardline
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rfqs_award_sums();

-- A1-A4, A6: who decides, once, in order, and never on their own work. A7: a decision stays.
CREATE FUNCTION rfqs_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s rfqs_approvalstep; r rfqs_approvalrequest; u accounts_user;
BEGIN
  SELECT * INTO s FROM rfqs_approvalstep WHERE id = NEW.step_id;
  SELECT * INTO r FROM rfqs_approvalrequest WHERE id = s.request_id;
  SELECT * INTO u FROM accounts_user WHERE id = NEW.by_id;
  IF NEW.request_id <> r.id OR NEW.rfq_id <> r.rfq_id THEN
    RAISE EXCEPTION 'a decision belongs to its step''s request'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_belongs';
  END IF;
  IF r.status <> 'pending' OR s.status <> 'active' OR EXISTS (
      SELECT 1 FROM rfqs_approvalstep e WHERE e.request_id = r.id AND e.sequence < s.sequence AND e.status <> 'approved') THEN
    RAISE EXCEPTION 'steps are decided in order, while they are active'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_in_order';
  END IF;
  IF NEW.by_id = ANY (r.barred) OR NEW.by_id = r.requested_by_id
     OR EXISTS (SELECT 1 FROM rfqs_rfq q WHERE q.id = r.rfq_id AND q.requester_id = NEW.by_id)
     OR EXISTS (SELECT 1 FROM rfqs_award a WHERE a.id = r.award_id AND a.author_id = NEW.by_id)
     OR EXISTS (SELECT 1 FROM rfqs_quotation q WHERE q.rfq_id = r.rfq_id AND q.entered_by_id = NEW.by_id) THEN
    RAISE EXCEPTION 'nobody decides on their own work'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_not_own_work';
  END IF;
  IF NOT u.is_active OR 'supplier' = ANY (u.roles) OR NOT (s.role = ANY (u.roles)) THEN
    RAISE EXCEPTION 'the decider does not hold the role of the step'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_by_role';
  END IF;
  IF NEW.content_hash <> r.content_hash THEN
    RAISE EXCEPTION 'what was decided is not what was submitted'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_decision_same_content';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_decision_guard BEFORE INSERT ON rfqs_decision
  FOR EACH ROW EXECUTE FUNCTION rfqs_decision_guard();
CREATE TRIGGER rfqs_decision_stays BEFORE UPDATE OR DELETE ON rfqs_decision
  FOR EACH ROW EXECUTE FUNCTION rfqs_refuse();
CREATE TRIGGER rfqs_opening_stays BEFORE UPDATE OR DELETE ON rfqs_opening
  FOR EACH ROW EXECUTE FUNCTION rfqs_refuse();

-- DOMAIN 5: an order line repeats its award line, and only of an approved award.
CREATE FUNCTION rfqs_orderline_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM rfqs_awardline al JOIN rfqs_award a ON a.id = al.award_id
      JOIN rfqs_purchaseorder o ON o.id = NEW.order_id
    WHERE al.id = NEW.award_line_id AND a.status = 'approved' AND o.award_id = a.id
      AND o.supplier_id = al.supplier_id AND o.currency = al.currency AND NEW.quantity = al.order_quantity
      AND NEW.unit_price = al.unit_price AND NEW.price_basis = al.price_basis) THEN
    RAISE EXCEPTION 'an order line equals a line of its approved award'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_orderline_equals_award';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_orderline_guard BEFORE INSERT OR UPDATE ON rfqs_purchaseorderline
  FOR EACH ROW EXECUTE FUNCTION rfqs_orderline_guard();
"""
BACKWARD = """
DROP TRIGGER rfqs_orderline_guard ON rfqs_purchaseorderline;
DROP TRIGGER rfqs_opening_stays ON rfqs_opening;
DROP TRIGGER rfqs_decision_stays ON rfqs_decision;
DROP TRIGGER rfqs_decision_guard ON rfqs_decision;
DROP TRIGGER rfqs_awardline_sums ON rfqs_awardline;
DROP TRIGGER rfqs_award_sums ON rfqs_award;
DROP TRIGGER rfqs_awardline_source ON rfqs_awardline;
DROP TRIGGER rfqs_awardgap_frozen ON rfqs_awardgap;
DROP TRIGGER rfqs_awardline_frozen ON rfqs_awardline;
DROP TRIGGER rfqs_award_guard ON rfqs_award;
DROP TRIGGER rfqs_line_frozen ON rfqs_rfqline;
DROP TRIGGER rfqs_rfq_kept ON rfqs_rfq;
DROP TRIGGER rfqs_rfq_guard ON rfqs_rfq;
DROP FUNCTION rfqs_orderline_guard();
DROP FUNCTION rfqs_decision_guard();
DROP FUNCTION rfqs_award_sums();
DROP FUNCTION rfqs_awardline_source();
DROP FUNCTION rfqs_awardpart_frozen();
DROP FUNCTION rfqs_award_guard();
DROP FUNCTION rfqs_line_frozen();
DROP FUNCTION rfqs_rfq_kept();
DROP FUNCTION rfqs_rfq_guard();
DROP FUNCTION rfqs_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
