"""DOMAIN 3: invitations and quotations move along their arrows only, for every way in.

A later arrow is a migration that drops the trigger and creates it again with all its arrows.
"""

from django.db import migrations, models
from django.db.models import Q

FORWARD = """
CREATE FUNCTION rfqs_refuse_arrow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status || '>' || NEW.status <> ALL (TG_ARGV) THEN
    RAISE EXCEPTION '%: % does not become %', TG_TABLE_NAME, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER rfqs_invitation_arrow BEFORE UPDATE OF status ON rfqs_invitation
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION rfqs_refuse_arrow(
    'created>sent', 'created>withdrawn',
    'sent>viewed', 'sent>accepted', 'sent>declined', 'sent>quoted', 'sent>withdrawn', 'sent>expired', 'sent>bounced',
    'viewed>accepted', 'viewed>declined', 'viewed>quoted', 'viewed>withdrawn', 'viewed>expired',
    'accepted>declined', 'accepted>quoted', 'accepted>withdrawn', 'accepted>expired',
    'declined>accepted', 'declined>quoted', 'declined>withdrawn', 'declined>expired',
    'quoted>accepted', 'quoted>declined', 'quoted>withdrawn',
    'bounced>sent', 'bounced>viewed', 'bounced>quoted', 'bounced>withdrawn', 'bounced>expired');

CREATE TRIGGER rfqs_quotation_arrow BEFORE UPDATE OF status ON rfqs_quotation
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION rfqs_refuse_arrow(
    'draft>submitted',
    'submitted>superseded', 'submitted>withdrawn', 'submitted>needs_reconfirmation', 'submitted>disqualified',
    'submitted>awarded', 'submitted>partly_awarded', 'submitted>not_awarded',
    'needs_reconfirmation>submitted', 'needs_reconfirmation>superseded', 'needs_reconfirmation>withdrawn',
    'needs_reconfirmation>not_awarded',
    'disqualified>superseded',
    'awarded>submitted', 'partly_awarded>submitted', 'not_awarded>submitted');
"""
BACKWARD = """
DROP TRIGGER rfqs_quotation_arrow ON rfqs_quotation;
DROP TRIGGER rfqs_invitation_arrow ON rfqs_invitation;
DROP FUNCTION rfqs_refuse_arrow();
"""


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0008_statements")]
    operations = [
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=~Q(status__in=("declined", "withdrawn")) | ~Q(reason=""),
                name="rfqs_invitation_reason",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
