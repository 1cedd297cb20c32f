"""What the tables of the supplier's side refuse; the rest stands in `breaking`."""

from typing import Any

from django.utils import timezone

from quoteflow.lib.models import Bucket
from rfqs.models import Access
from tests.architecture.breaking import Break, World, clone


def access(**changes: Any) -> Break:
    """A second link of an invitation."""
    facts = {"token_hash": "0" * 64} | changes
    return lambda world: clone(_link(world), **facts)


def _link(world: World) -> Access:
    return Access.objects.filter(invitation__rfq=world.picked.rfq).order_by("pk").first()


BREAKS: dict[str, Break] = {
    "lib_bucket_used": lambda _world: Bucket.objects.create(
        key="x", used=0, ends_at=timezone.now()
    ),
    "rfqs_access_one_in_force": access(),
    "rfqs_access_token_hash_key": lambda world: clone(_link(world), revoked_at=timezone.now()),
    "rfqs_access_revoked_later": access(revoked_at="2020-01-01T00:00Z"),
}
