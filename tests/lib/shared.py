"""Real tables that stand beside the checkout on some machines; tests skip by name without them."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"


def needs(*parts: str) -> pytest.MarkDecorator:
    """Skip the test where the named file of the shared data is absent."""
    name = "/".join(parts)
    return pytest.mark.skipif(
        not DATA.joinpath(*parts).exists(), reason=f"shared data {name} is not on this machine"
    )


def table(*parts: str) -> list[dict[str, str]]:
    """Read a table of the shared data, or nothing where it is absent."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
