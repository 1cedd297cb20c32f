"""A policy for publications may ask for a signed paper as a file."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_sessions'),
        ('rfqs', '0037_added_taxes'),
    ]

    operations = [
        migrations.AddField(
            model_name='approvalpolicy',
            name='asks_file',
            field=models.BooleanField(default=False, help_text='Of a publication: a draft goes out, or is reviewed, with a file of the kind “Urgent approval” only.', verbose_name='signed paper'),
        ),
        migrations.AddConstraint(
            model_name='approvalpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('asks_file', False), ('subject', 'publication'), _connector='OR'), name='rfqs_approvalpolicy_file', violation_error_message='Only a publication can ask for a signed paper.'),
        ),
    ]
