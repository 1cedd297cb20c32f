"""GST and customs duty that a buyer adds under evaluation; frozen with a submitted award like the rates."""

from django.db import migrations, models

COLUMNS = """title description commodity_type deadline is_urgent tax_basis quantity_basis incomplete_basis split_basis
interest_percent credit_days rates rates_on round""".split()


def _trigger(columns: list[str]) -> str:
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    return f"""
DROP TRIGGER rfqs_rfq_frozen ON rfqs_rfq;
CREATE TRIGGER rfqs_rfq_frozen BEFORE UPDATE ON rfqs_rfq FOR EACH ROW
  WHEN (OLD.status IN ('pending', 'approved', 'rejected') AND ({old}) IS DISTINCT FROM ({new}))
  EXECUTE FUNCTION rfqs_rfq_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rfqs', '0036_activation_limits'),
    ]

    operations = [
        migrations.AddField(
            model_name='rfq',
            name='added_taxes',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='round',
            name='added_taxes',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunSQL(_trigger([*COLUMNS, "added_taxes"]), _trigger(COLUMNS)),
    ]
