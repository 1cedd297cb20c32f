"""Copies of the letters of an invitation go to people of the asked supplier alone."""

import django.db.models.deletion
import django.utils.timezone
import quoteflow.lib.ids
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION rfqs_invitationcopy_of_the_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rfqs_invitation i JOIN suppliers_contact c ON c.supplier_id = i.supplier_id
                 WHERE i.id = NEW.invitation_id AND c.id = NEW.contact_id) THEN
    RAISE EXCEPTION 'a copy goes to somebody of the supplier who is asked'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rfqs_invitationcopy_of_the_supplier';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rfqs_invitationcopy_of_the_supplier BEFORE INSERT OR UPDATE ON rfqs_invitationcopy
  FOR EACH ROW EXECUTE FUNCTION rfqs_invitationcopy_of_the_supplier();
"""
BACKWARD = """
DROP TRIGGER rfqs_invitationcopy_of_the_supplier ON rfqs_invitationcopy;
DROP FUNCTION rfqs_invitationcopy_of_the_supplier();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rfqs', '0034_activation'),
        ('suppliers', '0002_contact_active'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InvitationCopy',
            fields=[
                ('id', models.UUIDField(default=quoteflow.lib.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='suppliers.contact')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='rfqs.invitation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('invitation', 'contact'), name='rfqs_invitationcopy_once')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
