"""A supplier who declined can be asked to a later round; of which round the no was stays known."""

from django.db import migrations, models
from django.db.models import F, Q

TRIGGER = """
DROP TRIGGER rfqs_invitation_arrow ON rfqs_invitation;
CREATE TRIGGER rfqs_invitation_arrow BEFORE UPDATE OF status ON rfqs_invitation
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION rfqs_refuse_arrow(
    'created>sent', 'created>withdrawn',
    'sent>viewed', 'sent>accepted', 'sent>declined', 'sent>quoted', 'sent>withdrawn', 'sent>expired', 'sent>bounced',
    'viewed>accepted', 'viewed>declined', 'viewed>quoted', 'viewed>withdrawn', 'viewed>expired',
    'accepted>declined', 'accepted>quoted', 'accepted>withdrawn', 'accepted>expired',
    {declined}'declined>accepted', 'declined>quoted', 'declined>withdrawn', 'declined>expired',
    'quoted>accepted', 'quoted>declined', 'quoted>withdrawn',
    'bounced>sent', 'bounced>viewed', 'bounced>quoted', 'bounced>withdrawn', 'bounced>expired');
"""


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0041_declined_until_now")]
    operations = [
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=Q(
                    status="declined", declined_round__isnull=False, declined_round=F("round")
                )
                | (
                    ~Q(status="declined")
                    & (Q(declined_round=None) | Q(declined_round__lt=F("round")))
                ),
                name="rfqs_invitation_declined_round",
            ),
        ),
        migrations.RunSQL(
            TRIGGER.format(declined="'declined>sent', "), TRIGGER.format(declined="")
        ),
    ]
