"""Copies of the letters of an invitation: who gets them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quoteflow.lib.errors import DomainError
from rfqs import addressing, policy
from rfqs.actions import copying
from rfqs.forms.copying import CopiesForm
from rfqs.models import Invitation
from rfqs.states import Status
from rfqs.views.asking import Question, ask, done
from rfqs.views.fetching import AuthedRequest, visible_rfq


@require_http_methods(["GET", "POST"])
def copies(request: AuthedRequest, number: str, pk: UUID) -> HttpResponse:
    """Choose the other people of a supplier who read what is written to it."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_buy, request.user, rfq)
    invitation = get_object_or_404(rfq.invitations.select_related("supplier"), supplier=pk)
    people = addressing.copyable(invitation)
    ticked = list(invitation.copies.values_list("contact", flat=True))
    form = CopiesForm(people, ticked, request.POST if request.method == "POST" else None)
    question = _asking(invitation, form, known=bool(people))
    if request.method != "POST" or not form.is_valid():
        return ask(request, rfq, question)
    try:
        copying.copy_to(
            rfq_id=rfq.pk, supplier_id=pk, by=request.user, contact_ids=form.cleaned_data["contacts"]
        )  # fmt: skip
    except DomainError as refusal:
        return ask(request, rfq, question, refusal)
    messages.success(request, _said(invitation, len(form.cleaned_data["contacts"])))
    page = "check" if rfq.status == Status.DRAFT else "detail"
    return done(request, reverse(f"rfqs:{page}", args=[number]))


def _said(invitation: Invitation, count: int) -> str:
    name = {"name": invitation.supplier.name, "n": count}
    if not count:
        return _("Nobody else of %(name)s gets copies.") % name
    said = ngettext(
        "%(n)d more person of %(name)s gets copies.",
        "%(n)d more people of %(name)s get copies.",
        count,
    )
    return said % name


def _asking(invitation: Invitation, form: CopiesForm, *, known: bool) -> Question:
    facts = {
        "name": invitation.supplier.name,
        "to": addressing.address_for(invitation)[0] or _("no address"),
    }
    text = _(
        "The letters of this request to %(name)s go to %(to)s. People ticked here get copies of what"
        " everybody asked is told, without the link to quote with; receipts, awards and orders are not"
        " copied. Who is added after the invitation has left gets a copy of it at once."
    )
    if not known:
        text = _(
            "The letters of this request to %(name)s go to %(to)s. Nobody else of %(name)s has an e-mail"
            " address here; the back office keeps the people of a supplier."
        )
    return Question(
        title=_("Copies of the letters to %(name)s") % facts, text=text % facts,
        button=_("Save") if known else _("Back"), form=form if known else None,
    )  # fmt: skip
