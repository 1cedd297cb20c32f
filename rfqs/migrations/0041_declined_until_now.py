"""Who declined until now declined the round that they were asked to last."""

from django.db import migrations

FORWARD = "UPDATE rfqs_invitation SET declined_round = round WHERE status = 'declined';"


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0040_declined_round")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
