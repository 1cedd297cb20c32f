"""Payment tranches in one line of text: `30%@-7; 70%@30`."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

_ONE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*%?\s*@\s*([+-]?[0-9]{1,4})")
_WHOLE = Decimal(100)


def read_tranches(text: str) -> list[list[Any]]:
    """`[["30", -7], ["70", 30]]`: shares in percent and days relative to delivery (COMPARISON 2).

    Nothing for an empty text; ValueError with a sentence where a part is not understood or the
    shares do not make 100 %.
    """
    parts = [part.strip() for part in text.replace("\u2212", "-").split(";") if part.strip()]
    found = []
    for part in parts:
        one = _ONE.fullmatch(part)
        if one is None:
            raise ValueError(
                _("“%(part)s” is not understood. Write it like 30%%@-7; 70%%@30.") % {"part": part}
            )
        found.append([one[1], int(one[2])])
    total = sum((Decimal(share) for share, _days in found), Decimal(0))
    if found and total != _WHOLE:
        raise ValueError(
            _("The shares make %(total)s %%; together they must make 100 %%.") % {"total": total}
        )
    return found


def written_tranches(tranches: Sequence[Sequence[Any]]) -> str:
    """The text that `read_tranches` reads back."""
    return "; ".join(f"{share}%@{days}" for share, days in tranches)


def spoken_tranches(tranches: Sequence[Sequence[Any]]) -> list[str]:
    """Each payment as people say it."""
    spoken = []
    for share, days in tranches:
        facts = {"share": share, "n": abs(int(days))}
        if days < 0:
            text = _("%(share)s %%, %(n)d days before delivery")
        elif days > 0:
            text = _("%(share)s %%, %(n)d days after delivery")
        else:
            text = _("%(share)s %% on delivery")
        spoken.append(text % facts)
    return spoken
