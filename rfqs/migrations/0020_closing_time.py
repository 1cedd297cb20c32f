"""S3: a closing time moves only later and never once it has passed; another round alone sets a new one.

A round is the next one, begins out of the evaluation, and closes in the future.
"""

from django.db import migrations

ARROWS = """
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
"""
NUMBER = """
  IF NEW.number <> OLD.number OR NEW.serial <> OLD.serial OR NEW.site_id <> OLD.site_id THEN
    RAISE EXCEPTION 'a number is given once'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_number_is_given_once';
  END IF;
  RETURN NEW;
"""
FORWARD = f"""
CREATE OR REPLACE FUNCTION rfqs_rfq_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE next_round boolean := OLD.status = 'evaluation' AND NEW.status = 'open';
BEGIN
{ARROWS}
  IF next_round <> (NEW.round <> OLD.round) OR (next_round AND NEW.round <> OLD.round + 1) THEN
    RAISE EXCEPTION 'a round is the next one, and begins out of the evaluation'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_round_is_the_next';
  END IF;
  IF next_round AND (NEW.deadline IS NULL OR NEW.deadline <= clock_timestamp()) THEN
    RAISE EXCEPTION 'a round closes in the future'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_round_closes_later';
  END IF;
  IF OLD.status NOT IN ('draft', 'review') AND NOT next_round AND NEW.deadline IS DISTINCT FROM OLD.deadline
     AND (OLD.status <> 'open' OR NEW.status <> 'open' OR NEW.deadline IS NULL
          OR NEW.deadline < OLD.deadline OR OLD.deadline <= clock_timestamp()) THEN
    RAISE EXCEPTION 'a closing time moves only later, and not after it has passed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_deadline_moves_later';
  END IF;
{NUMBER}
END $$;
"""
BACKWARD = f"""
CREATE OR REPLACE FUNCTION rfqs_rfq_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{ARROWS}
  IF OLD.status = 'open' AND NEW.status = 'open' AND NEW.deadline IS DISTINCT FROM OLD.deadline
     AND (NEW.deadline IS NULL OR NEW.deadline < OLD.deadline OR OLD.deadline <= clock_timestamp()) THEN
    RAISE EXCEPTION 'a closing time moves only later, and not after it has passed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_deadline_moves_later';
  END IF;
{NUMBER}
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0019_cancellation")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
