"""The way into the supplier portal: a link from an e-mail, and one button.

Looking at the link opens nothing, as mail scanners look at every link; the button does.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from quoteflow.lib import buckets, throttle
from rfqs.actions import linking
from rfqs.models import Access
from rfqs.views.visiting import admit, known, portal_page

LIMIT = "wrong_link"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
@portal_page
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Say what the link is for; the button enters. Anything but a live link is not found."""
    address = buckets.address_of(request)
    if wait := buckets.wait(LIMIT, address):
        return throttle.refused(request, wait)
    access = _opened_by(token)
    if access is None:
        if wait := buckets.count(LIMIT, address):
            return throttle.refused(request, wait)
        raise Http404
    if request.method != "POST":
        return render(request, "portal/door.html", {"invitation": access.invitation})
    try:
        linking.enter(access_id=access.pk)
    except linking.LinkOver:
        raise Http404 from None
    admit(request, access)
    return redirect("portal:request", access.invitation.rfq.number)


def _opened_by(token: str) -> Access | None:
    access = Access.objects.opened_by(token).first()
    if access is not None:
        access.invitation = known(access.invitation_id)
    return access
