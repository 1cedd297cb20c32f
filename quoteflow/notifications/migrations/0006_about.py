# The messages about one thing, like an invitation, are found without reading all.

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the table goes on taking mail while the index is built

    dependencies = [
        ('notifications', '0005_receipts_without_figures'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('about__isnull', False)), fields=['about', 'id'], name='notifications_about'),
        ),
    ]
