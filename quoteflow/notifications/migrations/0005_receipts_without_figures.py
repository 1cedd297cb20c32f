# Receipts say a total, and that lies in no queue any more: of those that left nothing is needed.

from django.db import migrations

FORGET = """
UPDATE notifications_outboxmessage SET text = '' WHERE kind = 'quotation_received' AND state = 'sent'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_complement'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
