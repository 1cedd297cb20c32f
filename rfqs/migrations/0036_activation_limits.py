"""Steps of an activation have a time limit; when it is over, the heads may decide one, too."""

from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION rfqs_activationdecision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s rfqs_activationstep; r rfqs_activation; u accounts_user; p accounts_user; people uuid[];
BEGIN
  SELECT * INTO s FROM rfqs_activationstep WHERE id = NEW.step_id;
  SELECT * INTO r FROM rfqs_activation WHERE id = s.activation_id;
  SELECT * INTO u FROM accounts_user WHERE id = NEW.by_id;
  SELECT * INTO p FROM accounts_user WHERE id = COALESCE(NEW.on_behalf_of_id, NEW.by_id);
  people := ARRAY[u.id, p.id];
  IF NEW.activation_id <> r.id OR NEW.content_hash <> r.content_hash THEN
    RAISE EXCEPTION 'what was decided is not what was asked for'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_same_content';
  END IF;
  IF r.status <> 'pending' OR s.status <> 'active' OR EXISTS (SELECT FROM rfqs_activationstep e
      WHERE e.activation_id = r.id AND e.sequence < s.sequence AND e.status <> 'approved') THEN
    RAISE EXCEPTION 'steps are decided in order, while they are active'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_in_order';
  END IF;
  IF people && r.barred OR r.requested_by_id = ANY (people) THEN
    RAISE EXCEPTION 'nobody decides on their own work, nor lets a deputy do so'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_not_own_work';
  END IF;
  IF NOT u.is_active OR 'supplier' = ANY (u.roles) OR NOT p.is_active
     OR NOT (s.role = ANY (p.roles) OR s.is_escalated AND 'head' = ANY (p.roles)
             OR s.person_id IS NOT DISTINCT FROM p.id AND p.roles && ARRAY['approver', 'head']::varchar[])
     OR (NEW.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM accounts_delegation g WHERE g.person_id = p.id AND g.deputy_id = u.id AND g.revoked_at IS NULL
         AND g.starts_at <= clock_timestamp() AND g.ends_at > clock_timestamp())) THEN
    RAISE EXCEPTION 'the decider does not hold the role of the step, nor stands in for who does'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_by_role';
  END IF;
  IF EXISTS (SELECT FROM rfqs_activationdecision d WHERE d.activation_id = r.id AND d.step_id <> s.id
             AND (d.by_id <> u.id AND d.by_id = p.id OR d.on_behalf_of_id = ANY (people))) THEN
    RAISE EXCEPTION 'one step each: who decided, or had a deputy decide, decides no other step'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_one_step_each';
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION rfqs_activationdecision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s rfqs_activationstep; r rfqs_activation; u accounts_user; p accounts_user; people uuid[];
BEGIN
  SELECT * INTO s FROM rfqs_activationstep WHERE id = NEW.step_id;
  SELECT * INTO r FROM rfqs_activation WHERE id = s.activation_id;
  SELECT * INTO u FROM accounts_user WHERE id = NEW.by_id;
  SELECT * INTO p FROM accounts_user WHERE id = COALESCE(NEW.on_behalf_of_id, NEW.by_id);
  people := ARRAY[u.id, p.id];
  IF NEW.activation_id <> r.id OR NEW.content_hash <> r.content_hash THEN
    RAISE EXCEPTION 'what was decided is not what was asked for'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_same_content';
  END IF;
  IF r.status <> 'pending' OR s.status <> 'active' OR EXISTS (SELECT FROM rfqs_activationstep e
      WHERE e.activation_id = r.id AND e.sequence < s.sequence AND e.status <> 'approved') THEN
    RAISE EXCEPTION 'steps are decided in order, while they are active'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_in_order';
  END IF;
  IF people && r.barred OR r.requested_by_id = ANY (people) THEN
    RAISE EXCEPTION 'nobody decides on their own work, nor lets a deputy do so'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_not_own_work';
  END IF;
  IF NOT u.is_active OR 'supplier' = ANY (u.roles) OR NOT p.is_active
     OR NOT (s.role = ANY (p.roles)
             OR s.person_id IS NOT DISTINCT FROM p.id AND p.roles && ARRAY['approver', 'head']::varchar[])
     OR (NEW.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM accounts_delegation g WHERE g.person_id = p.id AND g.deputy_id = u.id AND g.revoked_at IS NULL
         AND g.starts_at <= clock_timestamp() AND g.ends_at > clock_timestamp())) THEN
    RAISE EXCEPTION 'the decider does not hold the role of the step, nor stands in for who does'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_by_role';
  END IF;
  IF EXISTS (SELECT FROM rfqs_activationdecision d WHERE d.activation_id = r.id AND d.step_id <> s.id
             AND (d.by_id <> u.id AND d.by_id = p.id OR d.on_behalf_of_id = ANY (people))) THEN
    RAISE EXCEPTION 'one step each: who decided, or had a deputy decide, decides no other step'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_activationdecision_one_step_each';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rfqs', '0035_copies'),
    ]

    operations = [
        migrations.AddField(
            model_name='activationstep',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activationstep',
            name='hours',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activationstep',
            name='is_escalated',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='activationstep',
            name='overdue_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activationstep',
            name='remind_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activationstep',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
