"""The newest events first, from any day on, without walking through the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0003_verify")]
    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["-at", "-id"], name="audit_event_newest"),
        ),
    ]
