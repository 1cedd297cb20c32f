"""The plant and people that the files of tests/data name."""

import pytest

from rfqs.importing import units
from tests.factories import BuyerFactory, SiteFactory


@pytest.fixture
def plant(db):
    """Site A001 with its buyer, and all units (a committing test may have emptied the tables)."""
    units.load()
    site = SiteFactory(code="A001")
    BuyerFactory(email="buyer@example.com", sites=[site])
    return site
