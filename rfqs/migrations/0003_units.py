"""Every database has the units of measure, so that no installation starts without them."""

from django.db import migrations

from rfqs.importing import units


def fill(apps, schema_editor):
    units.fill(apps.get_model("rfqs", "Unit"), apps.get_model("rfqs", "UnitAlias"))


class Migration(migrations.Migration):
    dependencies = [("rfqs", "0002_guards")]
    # Units may be in use by the time it is undone; the tables go with the first migration.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
