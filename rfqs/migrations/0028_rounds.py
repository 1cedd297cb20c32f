"""Rounds after the first are kept, and only who was asked to one quotes in it."""

import django.db.models.deletion
import quoteflow.lib.ids
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER rfqs_round_stays BEFORE UPDATE OR DELETE ON rfqs_round
  FOR EACH ROW EXECUTE FUNCTION rfqs_refuse();

CREATE FUNCTION rfqs_quotation_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM rfqs_invitation i WHERE i.id = NEW.invitation_id AND i.round < NEW.round) THEN
    RAISE EXCEPTION 'who was not asked to a round does not quote in it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_quotation_of_the_asked';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_quotation_of_the_asked BEFORE INSERT ON rfqs_quotation
  FOR EACH ROW WHEN (NEW.round > 1) EXECUTE FUNCTION rfqs_quotation_round();
"""
BACKWARD = """
DROP TRIGGER rfqs_quotation_of_the_asked ON rfqs_quotation;
DROP FUNCTION rfqs_quotation_round();
DROP TRIGGER rfqs_round_stays ON rfqs_round;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rfqs', '0027_tax_rates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='round',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=quoteflow.lib.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=2000)),
                ('closed_at', models.DateTimeField()),
                ('rates', models.JSONField(blank=True, default=dict)),
                ('rates_on', models.DateField(blank=True, null=True)),
                ('started_at', models.DateTimeField()),
                ('rfq', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='rfqs.rfq')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rfq', 'number'), name='rfqs_round_once'), models.CheckConstraint(condition=models.Q(('number__gte', 2)), name='rfqs_round_after_the_first'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='rfqs_round_says_something')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
