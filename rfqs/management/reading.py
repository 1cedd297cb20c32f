"""Which request a command reads, and whether it may show prices."""

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.importing import acting_user
from quoteflow.lib.errors import DomainError, NotAllowed
from rfqs import policy
from rfqs.models import RFQ


def readable(number: str, acting: str | None, *, prices: bool = True) -> RFQ:
    """Return the request if its prices may be read: by that person, else by whoever has the console.

    Without `prices` it is enough that the request may be seen.
    """
    rows = RFQ.objects.select_related("site", "requester")
    user = acting_user(acting) if acting else None
    if user is not None:
        rows = rows.visible_to(user)
    rfq = rows.filter(Q(number=number.upper()) | Q(reference=number)).first()
    if rfq is None:
        raise DomainError(_("There is no request “%(number)s” here.") % {"number": number})
    if not prices:
        return rfq
    if user is not None:
        policy.insist(policy.can_see_prices, user, rfq)
    elif rfq.prices_are_sealed:
        raise NotAllowed(policy.SENTENCES[policy.can_see_prices]())
    return rfq
