"""Refusing to save picks over those that somebody else saved since the page was read."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from quoteflow.lib.errors import Stale
from rfqs.models import RFQ, Award


class Share(Protocol):
    """So much of a line to a quotation; None means all that is needed."""

    @property
    def line_id(self) -> UUID: ...
    @property
    def quotation_id(self) -> UUID: ...
    @property
    def quantity(self) -> Decimal | None: ...


def insist_current(award: Award | None, version: int | None) -> None:
    """Raise Stale unless `version` (None: any) is that of the award; 0 is that of none."""
    stored = award.version if award else 0
    if version is None or version == stored:
        return
    if award is None:
        raise Stale(_("The award was cleared in the meantime. Compare both, then save again."))
    raise Stale(
        _("%(name)s saved other picks in the meantime. Compare both, then save again.")
        % {"name": award.author}
    )


def holds(rfq: RFQ, award: Award, picks: Sequence[Share], gaps: Mapping[UUID, str]) -> bool:
    """Whether the award is these picks and gaps already, as after a save whose answer got lost."""
    needs = dict(rfq.lines.values_list("pk", "quantity"))
    wanted = {(str(pick.line_id), str(pick.quotation_id)): _quantity(pick, needs) for pick in picks}
    rows = award.lines.values_list("rfq_line_id", "quotation_line__quotation_id", "quantity")
    stored = {(str(line), str(quotation)): quantity for line, quotation, quantity in rows}
    return wanted == stored and dict(gaps) == dict(award.gaps.values_list("rfq_line_id", "reason"))


def _quantity(pick: Share, needs: Mapping[UUID, Decimal]) -> Decimal | None:
    return needs.get(pick.line_id) if pick.quantity is None else pick.quantity
