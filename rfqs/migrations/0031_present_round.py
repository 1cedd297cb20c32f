"""Who is asked is asked to the present round, and a quotation of a later round is of the present one.

A supplier who was left out of a round may come back in a later one, so the last round of an invitation no longer
says that its supplier was asked to every one before it.
"""

from django.db import migrations

OF_THE_ASKED = """
CREATE OR REPLACE FUNCTION rfqs_quotation_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {wrong} THEN
    RAISE EXCEPTION 'who was not asked to a round does not quote in it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_quotation_of_the_asked';
  END IF;
  RETURN NEW;
END $$;
"""
FORWARD = (
    OF_THE_ASKED.format(
        wrong="""NOT EXISTS (
      SELECT 1 FROM rfqs_invitation i JOIN rfqs_rfq r ON r.id = i.rfq_id
      WHERE i.id = NEW.invitation_id AND i.round = NEW.round AND r.round = NEW.round)"""
    )
    + """
CREATE TRIGGER rfqs_quotation_keeps_its_round BEFORE UPDATE OF round ON rfqs_quotation
  FOR EACH ROW WHEN (OLD.round IS DISTINCT FROM NEW.round) EXECUTE FUNCTION rfqs_refuse();

CREATE FUNCTION rfqs_invitation_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.round <> (SELECT r.round FROM rfqs_rfq r WHERE r.id = NEW.rfq_id) THEN
    RAISE EXCEPTION 'suppliers are asked to the present round of their request'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_invitation_to_the_present_round';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_invitation_begins_in_the_present_round BEFORE INSERT ON rfqs_invitation
  FOR EACH ROW WHEN (NEW.round > 1) EXECUTE FUNCTION rfqs_invitation_round();
CREATE TRIGGER rfqs_invitation_to_the_present_round BEFORE UPDATE OF round ON rfqs_invitation
  FOR EACH ROW WHEN (OLD.round IS DISTINCT FROM NEW.round) EXECUTE FUNCTION rfqs_invitation_round();
"""
)
BACKWARD = (
    """
DROP TRIGGER rfqs_invitation_to_the_present_round ON rfqs_invitation;
DROP TRIGGER rfqs_invitation_begins_in_the_present_round ON rfqs_invitation;
DROP FUNCTION rfqs_invitation_round();
DROP TRIGGER rfqs_quotation_keeps_its_round ON rfqs_quotation;
"""
    + OF_THE_ASKED.format(
        wrong="EXISTS (SELECT 1 FROM rfqs_invitation i WHERE i.id = NEW.invitation_id AND i.round < NEW.round)"
    )
)


class Migration(migrations.Migration):

    dependencies = [
        ("rfqs", "0030_late_by_policy"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
