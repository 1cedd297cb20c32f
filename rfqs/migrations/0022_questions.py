"""Questions of suppliers: asked in their window by the database's clock, answered once, in time, and kept."""

import django.db.models.deletion
import django.utils.timezone
import quoteflow.lib.ids
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION rfqs_question_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r rfqs_rfq;
BEGIN
  SELECT * INTO r FROM rfqs_rfq WHERE id = NEW.rfq_id;
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT 1 FROM rfqs_invitation i WHERE i.id = NEW.invitation_id AND i.rfq_id = NEW.rfq_id) THEN
      RAISE EXCEPTION 'a question is asked by somebody who was invited to the request'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_question_of_an_invited';
    END IF;
    IF r.status <> 'open' OR clock_timestamp() >= COALESCE(r.questions_until, r.deadline)
       OR clock_timestamp() >= r.deadline THEN
      RAISE EXCEPTION 'a question is asked while the request takes questions'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_question_in_its_window';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.answered_at IS NOT NULL
     OR (NEW.rfq_id, NEW.invitation_id, NEW.text, NEW.asked_at)
        IS DISTINCT FROM (OLD.rfq_id, OLD.invitation_id, OLD.text, OLD.asked_at) THEN
    RAISE EXCEPTION 'what was asked, and what everyone was answered, stays'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_question_stays';
  END IF;
  IF NEW.answered_at IS NOT NULL AND (r.status <> 'open' OR clock_timestamp() >= r.deadline) THEN
    RAISE EXCEPTION 'a question is answered while the request is open'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_question_answered_in_time';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_question_guard BEFORE INSERT OR UPDATE ON rfqs_question
  FOR EACH ROW EXECUTE FUNCTION rfqs_question_guard();
CREATE TRIGGER rfqs_question_kept BEFORE DELETE ON rfqs_question
  FOR EACH ROW EXECUTE FUNCTION rfqs_refuse();

CREATE FUNCTION rfqs_rfq_questions_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the time for questions is never shortened'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_questions_later';
END $$;
CREATE TRIGGER rfqs_rfq_questions_later BEFORE UPDATE ON rfqs_rfq FOR EACH ROW
  WHEN (OLD.status = 'open' AND NEW.questions_until IS NOT NULL
    AND (OLD.questions_until IS NULL OR NEW.questions_until < OLD.questions_until))
  EXECUTE FUNCTION rfqs_rfq_questions_later();
"""
BACKWARD = """
DROP TRIGGER rfqs_rfq_questions_later ON rfqs_rfq;
DROP FUNCTION rfqs_rfq_questions_later();
DROP TRIGGER rfqs_question_kept ON rfqs_question;
DROP TRIGGER rfqs_question_guard ON rfqs_question;
DROP FUNCTION rfqs_question_guard();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_holidays'),
        ('rfqs', '0021_signers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=quoteflow.lib.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=2000)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('wording', models.CharField(blank=True, max_length=2000)),
                ('answer', models.CharField(blank=True, max_length=4000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='rfq',
            name='open_question_count',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='rfq',
            name='questions_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='questions until'),
        ),
        migrations.AddConstraint(
            model_name='rfq',
            constraint=models.CheckConstraint(condition=models.Q(('questions_until', None), ('deadline', None), ('questions_until__lte', models.F('deadline')), _connector='OR'), name='rfqs_rfq_questions_before_closing'),
        ),
        migrations.AddField(
            model_name='question',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='invitation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='rfqs.invitation'),
        ),
        migrations.AddField(
            model_name='question',
            name='rfq',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='rfqs.rfq'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='rfqs_question_says_something'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None), ('wording', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('wording', ''), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='rfqs_question_answer_is_whole'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
