"""What is under approval does not change: quotations, the request's words, the award (A5, W4)."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER rfqs_submittedcontent_stays BEFORE UPDATE OR DELETE ON rfqs_submittedcontent
  FOR EACH ROW EXECUTE FUNCTION rfqs_refuse();

CREATE FUNCTION rfqs_quotation_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  SELECT status INTO state FROM rfqs_rfq WHERE id = COALESCE(NEW.rfq_id, OLD.rfq_id);
  IF state IN ('pending', 'approved', 'rejected')
     AND (TG_OP <> 'UPDATE' OR to_jsonb(NEW) - 'status' <> to_jsonb(OLD) - 'status') THEN
    RAISE EXCEPTION 'the quotations of a submitted award are frozen'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_quotation_frozen';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER rfqs_quotation_frozen BEFORE INSERT OR UPDATE OR DELETE ON rfqs_quotation
  FOR EACH ROW EXECUTE FUNCTION rfqs_quotation_frozen();

CREATE FUNCTION rfqs_quotationline_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  SELECT r.status INTO state FROM rfqs_quotation q JOIN rfqs_rfq r ON r.id = q.rfq_id
  WHERE q.id = COALESCE(NEW.quotation_id, OLD.quotation_id);
  IF state IN ('pending', 'approved', 'rejected') THEN
    RAISE EXCEPTION 'the quotations of a submitted award are frozen'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_quotationline_frozen';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER rfqs_quotationline_frozen BEFORE INSERT OR UPDATE OR DELETE ON rfqs_quotationline
  FOR EACH ROW EXECUTE FUNCTION rfqs_quotationline_frozen();

CREATE FUNCTION rfqs_rfq_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the words and rates of a submitted award are frozen'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_rfq_frozen';
END $$;
CREATE TRIGGER rfqs_rfq_frozen BEFORE UPDATE ON rfqs_rfq FOR EACH ROW
  WHEN (OLD.status IN ('pending', 'approved', 'rejected') AND
    (OLD.title, OLD.description, OLD.commodity_type, OLD.deadline, OLD.is_urgent, OLD.tax_basis, OLD.quantity_basis,
     OLD.incomplete_basis, OLD.split_basis, OLD.interest_percent, OLD.credit_days, OLD.rates, OLD.rates_on, OLD.round)
    IS DISTINCT FROM
    (NEW.title, NEW.description, NEW.commodity_type, NEW.deadline, NEW.is_urgent, NEW.tax_basis, NEW.quantity_basis,
     NEW.incomplete_basis, NEW.split_basis, NEW.interest_percent, NEW.credit_days, NEW.rates, NEW.rates_on, NEW.round))
  EXECUTE FUNCTION rfqs_rfq_frozen();

CREATE FUNCTION rfqs_award_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a submitted award does not change'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_award_frozen';
END $$;
CREATE TRIGGER rfqs_award_frozen BEFORE UPDATE ON rfqs_award FOR EACH ROW
  WHEN (OLD.status = 'pending' AND
    (OLD.rfq_id, OLD.author_id, OLD.total, OLD.reasons, OLD.recommendation)
    IS DISTINCT FROM (NEW.rfq_id, NEW.author_id, NEW.total, NEW.reasons, NEW.recommendation))
  EXECUTE FUNCTION rfqs_award_frozen();
"""
BACKWARD = """
DROP TRIGGER rfqs_award_frozen ON rfqs_award;
DROP TRIGGER rfqs_rfq_frozen ON rfqs_rfq;
DROP TRIGGER rfqs_quotationline_frozen ON rfqs_quotationline;
DROP TRIGGER rfqs_quotation_frozen ON rfqs_quotation;
DROP TRIGGER rfqs_submittedcontent_stays ON rfqs_submittedcontent;
DROP FUNCTION rfqs_award_frozen();
DROP FUNCTION rfqs_rfq_frozen();
DROP FUNCTION rfqs_quotationline_frozen();
DROP FUNCTION rfqs_quotation_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0010_access")]
    operations = [
        migrations.CreateModel(
            name="SubmittedContent",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="rfqs.approvalrequest",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
