"""An open request changes by a numbered addendum only, and no quotation counts that does not know it (T6)."""

import django.db.models.deletion
import quoteflow.lib.ids
from django.conf import settings
from django.db import migrations, models

LINE = """
CREATE OR REPLACE FUNCTION rfqs_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  SELECT status INTO state FROM rfqs_rfq WHERE id = COALESCE(NEW.rfq_id, OLD.rfq_id);
  IF state IS NOT NULL AND state <> 'draft'{unless} THEN
    RAISE EXCEPTION 'the lines of a published request are frozen'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_line_frozen';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
"""
ARROW = """
DROP TRIGGER rfqs_quotation_arrow ON rfqs_quotation;
CREATE TRIGGER rfqs_quotation_arrow BEFORE UPDATE OF status ON rfqs_quotation
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION rfqs_refuse_arrow(
    'draft>submitted',
    'submitted>superseded', 'submitted>withdrawn', 'submitted>needs_reconfirmation', 'submitted>disqualified',
    'submitted>awarded', 'submitted>partly_awarded', 'submitted>not_awarded',
    'needs_reconfirmation>submitted', 'needs_reconfirmation>superseded', 'needs_reconfirmation>withdrawn',
    'needs_reconfirmation>not_awarded',
    'disqualified>superseded',
    'awarded>submitted', 'partly_awarded>submitted', 'not_awarded>submitted'{more});
"""
UNLESS = """ AND (TG_OP = 'DELETE' OR NOT EXISTS (
      SELECT 1 FROM rfqs_addendum a
      WHERE a.rfq_id = COALESCE(NEW.rfq_id, OLD.rfq_id) AND a.transaction = txid_current()))"""
FORWARD = (
    """
CREATE FUNCTION rfqs_addendum_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r rfqs_rfq;
BEGIN
  SELECT * INTO r FROM rfqs_rfq WHERE id = NEW.rfq_id;
  IF r.status <> 'open' OR clock_timestamp() >= r.deadline THEN
    RAISE EXCEPTION 'an addendum is issued while suppliers can answer it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_addendum_in_time';
  END IF;
  IF NEW.number <> r.addendum_count + 1 THEN
    RAISE EXCEPTION 'addenda are numbered one by one'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_addendum_is_the_next';
  END IF;
  IF NEW.needs_confirmation <> (NEW.before <> NEW.after) THEN
    RAISE EXCEPTION 'what changes the request is confirmed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_addendum_confirms_changes';
  END IF;
  NEW.transaction := txid_current();
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_addendum_guard BEFORE INSERT ON rfqs_addendum
  FOR EACH ROW EXECUTE FUNCTION rfqs_addendum_guard();
CREATE TRIGGER rfqs_addendum_stays BEFORE UPDATE OR DELETE ON rfqs_addendum
  FOR EACH ROW EXECUTE FUNCTION rfqs_refuse();

CREATE FUNCTION rfqs_addendum_unconfirms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.needs_confirmation AND EXISTS (
      SELECT 1 FROM rfqs_quotation q JOIN rfqs_rfq r ON r.id = q.rfq_id
      WHERE q.rfq_id = NEW.rfq_id AND q.round = r.round AND q.status = 'submitted' AND q.addendum < NEW.number) THEN
    RAISE EXCEPTION 'a quotation for an earlier version waits to be confirmed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_addendum_unconfirms';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rfqs_addendum_unconfirms AFTER INSERT ON rfqs_addendum
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rfqs_addendum_unconfirms();

CREATE FUNCTION rfqs_quotation_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM rfqs_addendum a
      WHERE a.rfq_id = NEW.rfq_id AND a.needs_confirmation AND a.number > NEW.addendum) THEN
    RAISE EXCEPTION 'a quotation counts for the present version of the request only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_quotation_of_this_version';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_quotation_of_this_version BEFORE INSERT ON rfqs_quotation
  FOR EACH ROW WHEN (NEW.status = 'submitted') EXECUTE FUNCTION rfqs_quotation_version();
CREATE TRIGGER rfqs_quotation_moves_to_this_version BEFORE UPDATE OF status ON rfqs_quotation
  FOR EACH ROW WHEN (NEW.status = 'submitted' AND OLD.status <> 'submitted')
  EXECUTE FUNCTION rfqs_quotation_version();

CREATE FUNCTION rfqs_rfq_words_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.is_sealed, OLD.commodity_type) IS DISTINCT FROM (NEW.is_sealed, NEW.commodity_type) THEN
    RAISE EXCEPTION 'what suppliers were promised stays'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_promise_stays';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM rfqs_addendum a WHERE a.rfq_id = NEW.id AND a.transaction = txid_current()) THEN
    RAISE EXCEPTION 'a published request changes by an addendum only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_words_by_addendum';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_rfq_words_frozen BEFORE UPDATE ON rfqs_rfq FOR EACH ROW
  WHEN (OLD.published_at IS NOT NULL AND
    (OLD.title, OLD.description, OLD.project_name, OLD.required_by, OLD.delivery_place, OLD.delivery_terms,
     OLD.contact, OLD.is_sealed, OLD.commodity_type)
    IS DISTINCT FROM
    (NEW.title, NEW.description, NEW.project_name, NEW.required_by, NEW.delivery_place, NEW.delivery_terms,
     NEW.contact, NEW.is_sealed, NEW.commodity_type))
  EXECUTE FUNCTION rfqs_rfq_words_frozen();
"""
    + LINE.format(unless=UNLESS)
    + ARROW.format(more=", 'not_awarded>needs_reconfirmation'")
)
BACKWARD = (
    ARROW.format(more="")
    + LINE.format(unless="")
    + """
DROP TRIGGER rfqs_rfq_words_frozen ON rfqs_rfq;
DROP FUNCTION rfqs_rfq_words_frozen();
DROP TRIGGER rfqs_quotation_moves_to_this_version ON rfqs_quotation;
DROP TRIGGER rfqs_quotation_of_this_version ON rfqs_quotation;
DROP FUNCTION rfqs_quotation_version();
DROP TRIGGER rfqs_addendum_unconfirms ON rfqs_addendum;
DROP FUNCTION rfqs_addendum_unconfirms();
DROP TRIGGER rfqs_addendum_stays ON rfqs_addendum;
DROP TRIGGER rfqs_addendum_guard ON rfqs_addendum;
DROP FUNCTION rfqs_addendum_guard();
"""
)


class Migration(migrations.Migration):

    dependencies = [
        ('rfqs', '0024_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='quotation',
            name='addendum',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='quotation',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='rfq',
            name='addendum_count',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='rfqline',
            name='dropped_by',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Addendum',
            fields=[
                ('id', models.UUIDField(default=quoteflow.lib.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=2000)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('needs_confirmation', models.BooleanField()),
                ('issued_at', models.DateTimeField()),
                ('transaction', models.BigIntegerField(default=0, editable=False)),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rfq', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addenda', to='rfqs.rfq')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rfq', 'number'), name='rfqs_addendum_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='rfqs_addendum_says_something')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
