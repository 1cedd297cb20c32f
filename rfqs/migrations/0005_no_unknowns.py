"""A comparison with nothing is neither true nor false, and a CHECK lets it pass; these say "not null" too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rfqs', '0004_versus_last'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='item',
            name='rfqs_item_last_price_has_currency',
        ),
        migrations.RemoveConstraint(
            model_name='quotation',
            name='rfqs_quotation_freight',
        ),
        migrations.RemoveConstraint(
            model_name='rfqline',
            name='rfqs_line_service_periods',
        ),
        migrations.RemoveConstraint(
            model_name='rfqline',
            name='rfqs_line_transport_lane',
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_currency', ''), ('last_price', None)), models.Q(('last_currency__regex', '^[A-Z]{3}$'), ('last_price__gte', 0), ('last_price__isnull', False)), _connector='OR'), name='rfqs_item_last_price_has_currency'),
        ),
        migrations.AddConstraint(
            model_name='quotation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('freight_amount__gte', 0), ('freight_amount__isnull', False), ('freight_term', 'amount')), models.Q(models.Q(('freight_term', 'amount'), _negated=True), ('freight_amount', None)), _connector='OR'), name='rfqs_quotation_freight'),
        ),
        migrations.AddConstraint(
            model_name='rfqline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'service'), _negated=True), models.Q(('periods__gte', 1), ('periods__isnull', False), models.Q(('period_unit', ''), _negated=True)), _connector='OR'), name='rfqs_line_service_periods'),
        ),
        migrations.AddConstraint(
            model_name='rfqline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'transport'), _negated=True), models.Q(('trips_per_month__gte', 1), ('trips_per_month__isnull', False), ('months__gte', 1), ('months__isnull', False), models.Q(('from_location', ''), _negated=True), models.Q(('to_location', models.F('from_location')), _negated=True)), _connector='OR'), name='rfqs_line_transport_lane'),
        ),
    ]
