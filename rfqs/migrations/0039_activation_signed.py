"""A supplier becomes active where somebody said yes to every step; that the steps say so is not enough."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION rfqs_supplier_by_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rfqs_approvalpolicy WHERE subject = 'activation' AND is_active)
     OR TG_OP = 'INSERT' AND EXISTS (SELECT FROM suppliers_supplier WHERE code = NEW.code) THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT FROM rfqs_activation a WHERE a.supplier_id = NEW.id AND a.status = 'approved'
      AND a.used_at IS NULL AND EXISTS (SELECT FROM rfqs_activationstep s WHERE s.activation_id = a.id)
      AND NOT EXISTS (SELECT FROM rfqs_activationstep s WHERE s.activation_id = a.id AND NOT EXISTS (
        SELECT FROM rfqs_activationdecision d WHERE d.step_id = s.id AND d.outcome = 'approved'))) THEN
    RAISE EXCEPTION 'a policy asks for an approval before a supplier becomes active'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_supplier_by_policy';
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION rfqs_supplier_by_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rfqs_approvalpolicy WHERE subject = 'activation' AND is_active)
     OR TG_OP = 'INSERT' AND EXISTS (SELECT FROM suppliers_supplier WHERE code = NEW.code) THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT FROM rfqs_activation a WHERE a.supplier_id = NEW.id AND a.status = 'approved'
      AND a.used_at IS NULL AND EXISTS (SELECT FROM rfqs_activationdecision d WHERE d.activation_id = a.id)
      AND NOT EXISTS (SELECT FROM rfqs_activationstep s WHERE s.activation_id = a.id AND s.status <> 'approved')) THEN
    RAISE EXCEPTION 'a policy asks for an approval before a supplier becomes active'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_supplier_by_policy';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0038_signed_paper")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
