"""All units, also where a committing test has emptied the tables before."""

import pytest

from rfqs.importing import units
from rfqs.models import UnitAlias


@pytest.fixture(autouse=True)
def _all_units(db: None) -> None:
    if not UnitAlias.objects.exists():
        units.load()
