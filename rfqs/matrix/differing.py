"""Two sets of picks of one request beside each other: what a person chose, and what is stored."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from quoteflow.lib.money import format_quantity
from rfqs.matrix.lines import title_of
from rfqs.matrix.picking import Picks
from rfqs.reports import Statement

Gaps = Mapping[UUID, str]


class Difference(NamedTuple):
    """One line that is given out differently, in words."""

    label: str
    theirs: str
    mine: str


def pick_differences(statement: Statement, mine: Picks, theirs: Picks) -> list[Difference]:
    """The lines whose suppliers or quantities differ, in the order of the request."""
    names = {str(one.pk): one.supplier.name for one in statement.quotations}
    found = [
        Difference(
            _("Line %(n)d, %(title)s") % {"n": line.position, "title": title_of(line)},
            _words(theirs, str(line.pk), names),
            _words(mine, str(line.pk), names),
        )
        for line in statement.lines
    ]
    return [one for one in found if one.theirs != one.mine]


def gap_differences(statement: Statement, mine: Gaps, theirs: Gaps) -> list[Difference]:
    """The lines whose reason for not being awarded differs."""
    found = [
        Difference(
            _("Line %(n)d, why not awarded") % {"n": line.position},
            theirs.get(line.pk, ""),
            mine.get(line.pk, ""),
        )
        for line in statement.lines
    ]
    return [one for one in found if one.theirs != one.mine]


def _words(picks: Picks, line: str, names: Mapping[str, str]) -> str:
    whole = picks.whole(line)
    if whole is not None:
        return names.get(whole, "")
    shares = sorted((names.get(key, ""), share) for key, share in picks.shares(line).items())
    return ", ".join(f"{name} {format_quantity(share)}" for name, share in shares)
