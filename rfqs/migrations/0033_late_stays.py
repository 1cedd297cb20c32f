"""A quotation that stands in a later round keeps its late admission: it says for ever that it came late."""

from django.db import migrations

ADMITTED = """
CREATE OR REPLACE FUNCTION rfqs_quotation_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.late_id IS NULL AND EXISTS (
       SELECT FROM rfqs_rfq r WHERE r.id = NEW.rfq_id AND r.round = NEW.round AND NEW.submitted_at >= r.deadline) THEN
    RAISE EXCEPTION 'a quotation of the closing time or later needs an admission'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_quotation_in_time';
  END IF;
  IF NEW.late_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM rfqs_lateadmission l WHERE l.id = NEW.late_id AND l.invitation_id = NEW.invitation_id
         AND {round} AND l.confirmed_by_id IS NOT NULL) THEN
    RAISE EXCEPTION 'the admission is not of this quotation, or nobody confirmed it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_quotation_admitted';
  END IF;
  RETURN NEW;
END $$;
"""
# In a later round only what was received before the one after its own began.
OF_ITS_ROUND = """(l.round = NEW.round OR EXISTS (
           SELECT FROM rfqs_round n WHERE n.rfq_id = NEW.rfq_id AND n.number = l.round + 1
             AND n.number <= NEW.round AND NEW.submitted_at < n.started_at))"""


class Migration(migrations.Migration):

    dependencies = [
        ("rfqs", "0032_rules_of_a_decision"),
    ]

    operations = [
        migrations.RunSQL(
            ADMITTED.format(round=OF_ITS_ROUND), ADMITTED.format(round="l.round = NEW.round")
        )
    ]
