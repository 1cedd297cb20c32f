"""The smallest valid object of each kind."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.models import Role, Site, User
from rfqs.models import ExchangeRate, Item, TaxRate, Unit
from suppliers.models import Contact, Supplier

PASSWORD = "Plant#A001!"


class SiteFactory(DjangoModelFactory):
    """A plant that asks for one bid and lets a request close at once."""

    class Meta:
        model = Site

    code = factory.Sequence(lambda n: f"T{n:03d}")
    name = factory.LazyAttribute(lambda site: f"Plant {site.code}")
    city = "Pune"
    minimum_bids = 1
    minimum_lead_minutes = 0


class UserFactory(DjangoModelFactory):
    """An active person without a role; `sites=[...]` puts them to work."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def sites(self, create, extracted, **kwargs):
        """Put the person at these sites."""
        if create and extracted:
            self.sites.set(extracted)


class BuyerFactory(UserFactory):
    """Writes requests."""

    roles = [Role.BUYER.value]


class ApproverFactory(UserFactory):
    """Decides the first step."""

    roles = [Role.APPROVER.value]


class HeadFactory(UserFactory):
    """Decides the second step, everywhere."""

    roles = [Role.HEAD.value]


class SupplierFactory(DjangoModelFactory):
    """An active supplier with an address to write to."""

    class Meta:
        model = Supplier

    code = factory.Sequence(lambda n: f"V-{n + 1000}")
    name = factory.LazyAttribute(lambda supplier: f"Supplier {supplier.code}")
    email = factory.LazyAttribute(lambda supplier: f"{supplier.code.lower()}@supplier.example.com")
    city = "Pune"


class ContactFactory(DjangoModelFactory):
    """The person at a supplier who gets the mail."""

    class Meta:
        model = Contact

    supplier = factory.SubFactory(SupplierFactory)
    name = "Asha Rao"
    email = factory.Sequence(lambda n: f"contact{n}@supplier.example.com")
    is_primary = True


class UnitFactory(DjangoModelFactory):
    """A unit; the piece by default."""

    class Meta:
        model = Unit
        django_get_or_create = ["code"]

    code = "H87"
    name = "piece"
    symbol = "pc"
    dimension = "count"
    factor = Decimal(1)


class ItemFactory(DjangoModelFactory):
    """A catalogue item that was never bought."""

    class Meta:
        model = Item

    code = factory.Sequence(lambda n: f"ITEM-{n:04d}")
    description = factory.LazyAttribute(lambda item: f"Hex bolt {item.code}")
    unit = factory.SubFactory(UnitFactory)


class RateFactory(DjangoModelFactory):
    """Ninety rupees for a euro, since long ago."""

    class Meta:
        model = ExchangeRate

    currency = "EUR"
    on = "2020-01-01"
    rate_to_base = Decimal("90.000000")
    source = "test"


class TaxRateFactory(DjangoModelFactory):
    """Eighteen percent on everything of iron or steel, since long ago."""

    class Meta:
        model = TaxRate

    hsn = "73"
    valid_from = "2020-01-01"
    gst_percent = Decimal("18.00")
    source = "test"
