"""An invitation keeps the round that its supplier declined, and is asked to a later one all the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0039_activation_signed")]
    operations = [
        migrations.AddField(
            model_name="invitation",
            name="declined_round",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        )
    ]
