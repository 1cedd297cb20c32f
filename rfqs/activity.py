"""The story of a request in sentences: what each verb of the journal means to a reader."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.money import format_money
from quoteflow.lib.templatetags.qf import when
from rfqs.models import RFQ, Channel, Subject

LONGEST_VALUE = 80  # characters of an old or new text
_UNTOLD = frozenset({"line_count", "last_total", "status", "version", "typed", "reason"})


@dataclass(frozen=True)
class Change:
    """One field before and after, as text."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Told:
    """One event as the feed shows it."""

    icon: str
    who: str
    sentence: str
    at: datetime | None
    comment: str = ""
    changes: list[Change] = field(default_factory=list)


Teller = Callable[[dict[str, Any]], str]


def tell(event: AuditEvent, rfq: RFQ, readable: Container[str]) -> Told:
    """What happened, in one sentence. `readable` holds the ids of the files the reader may know.

    While prices are sealed, no amount is told (S1).
    """
    facts = dict(event.after)
    if rfq.prices_are_sealed:
        facts.pop("total", None)
    if event.verb in FILES and event.object_id not in readable:
        facts.pop("name", None)
    icon, teller = STORY.get(event.verb, ("circle", lambda _facts: event.verb))
    return Told(
        icon=icon,
        who=who(event),
        sentence=teller(facts),
        at=event.at,
        comment=str(facts.get("comment") or facts.get("reason") or ""),
        changes=_changes(event) if event.verb in ("rfq.revise", "rfq.extend") else [],
    )


def tell_other(event: AuditEvent) -> Told:
    """What happened to something that is no request: master data, people, policies."""
    noun, _dot, verb = event.verb.rpartition(".")
    sentences = {
        "create": _("created: %(noun)s"),
        "change": _("changed: %(noun)s"),
        "delete": _("deleted: %(noun)s"),
    }
    icons = {"create": "circle-plus", "change": "pencil", "delete": "x"}
    sentence = sentences.get(verb, event.verb) % {"noun": _noun(event.object_type) or noun}
    if event.verb in STORY:
        sentence = STORY[event.verb][1](event.after)
    changes = _changes(event) if verb in sentences else []
    return Told(icons.get(verb, "circle"), who(event), sentence, event.at, changes=changes)


def who(event: AuditEvent) -> str:
    """Who did it; "A for B" where A stood in for B; of a supplier it is never said which."""
    if event.actor is None:
        return _absent(event)
    if event.on_behalf_of is None:
        return str(event.actor)
    return _("%(actor)s for %(other)s") % {"actor": event.actor, "other": event.on_behalf_of}


def _absent(event: AuditEvent) -> str:
    """Whose work nobody signed: it may be a sealed request, so no supplier is named."""
    by_supplier = event.verb.partition(".")[0] == "invitation" or event.verb in BY_SUPPLIER
    return _("A supplier") if by_supplier or event.verb in FILES else _("The system")


def _noun(object_type: str) -> str:
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)  # noqa: SLF001 (Django's own public name)
    except (LookupError, ValueError):
        return ""


def _changes(event: AuditEvent) -> list[Change]:
    names = [name for name in event.before | event.after if name not in _UNTOLD]
    return [
        Change(_label(name), _value(event.before.get(name)), _value(event.after.get(name)))
        for name in names
        if not isinstance(event.after.get(name), list | dict)
    ]


def _label(name: str) -> str:
    try:
        return str(capfirst(RFQ._meta.get_field(name).verbose_name))  # type: ignore[union-attr] # noqa: SLF001 (Django's own public name)
    except FieldDoesNotExist:
        return name.replace("_", " ").capitalize()


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return _("nothing")
    text = str(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Truncator(text).chars(LONGEST_VALUE)
    return when(moment) if moment.tzinfo else text


def _always(sentence: Callable[[], str]) -> Teller:
    return lambda _facts: sentence()


def _revised(facts: dict[str, Any]) -> str:
    return _("changed the request") if set(facts) - _UNTOLD else _("changed the lines")


def _published(facts: dict[str, Any]) -> str:
    n = int(facts.get("invited") or 0)
    return ngettext(
        "published it and asked %(n)d supplier", "published it and asked %(n)d suppliers", n
    ) % {"n": n}


def _evaluated(facts: dict[str, Any]) -> str:
    n = int(facts.get("quotations") or 0)
    sentence = ngettext(
        "began the evaluation of %(n)d quotation", "began the evaluation of %(n)d quotations", n
    ) % {"n": n}
    changed = len(facts.get("altered") or [])
    if not changed:
        return sentence
    more = ngettext(
        "%(n)d of them is not what was received", "%(n)d of them are not what was received", changed
    )
    return f"{sentence}; {more % {'n': changed}}"


def _captured(facts: dict[str, Any]) -> str:
    if "supplier" not in facts:
        return _("entered a sealed quotation")
    channel = dict(Channel.choices).get(facts.get("channel", ""), "")
    sentence = _("entered the quotation of %(supplier)s, revision %(revision)s") % facts
    return f"{sentence} ({channel})" if channel else sentence


def _submitted_by_supplier(facts: dict[str, Any]) -> str:
    if "supplier" not in facts:
        return _("sent a sealed quotation")
    return _("sent the quotation of %(supplier)s, revision %(revision)s") % facts


def _negotiated(facts: dict[str, Any]) -> str:
    codes = ", ".join(facts.get("suppliers") or []) or "–"
    return _("started round %(round)s with %(codes)s") % {"round": facts["round"], "codes": codes}


def _confirmed(facts: dict[str, Any]) -> str:
    if "supplier" not in facts:
        return _("confirmed a sealed quotation after addendum %(addendum)s") % facts
    return _("confirmed the quotation of %(supplier)s after addendum %(addendum)s") % facts


def _reminded(facts: dict[str, Any]) -> str:
    n = int(facts.get("reminded") or 0)
    return ngettext(
        "reminded %(n)d supplier of the closing time",
        "reminded %(n)d suppliers of the closing time",
        n,
    ) % {"n": n}


def _saved(facts: dict[str, Any]) -> str:
    n = int(facts.get("lines") or 0)
    sentence = ngettext("picked %(n)d line for award", "picked %(n)d lines for award", n)
    return sentence % {"n": n} + _amount(facts)


def _submitted(facts: dict[str, Any]) -> str:
    return _("submitted the award for approval") + _amount(facts)


def _approved(facts: dict[str, Any]) -> str:
    orders = ", ".join(facts.get("orders") or [])
    return (
        _("approved the award; orders: %(orders)s") % {"orders": orders}
        if orders
        else _("approved the award")
    )


def _half_over(facts: dict[str, Any]) -> str:
    return _("reminded of step %(step)s: half of the time is over") % facts


def _escalated(facts: dict[str, Any]) -> str:
    sentence = _("told that the time of step %(step)s is over") % facts
    if not facts["added"]:
        return sentence
    return _("%(told)s; the heads may decide it too") % {"told": sentence}


def _voided(facts: dict[str, Any]) -> str:
    changed = ", ".join(facts.get("changed") or [])
    what = _("the request") if facts.get("subject") == Subject.PUBLICATION else _("the award")
    sentence = _("voided the approval: %(what)s changed after it was submitted") % {"what": what}
    return f"{sentence} ({changed})" if changed else sentence


def _amount(facts: dict[str, Any]) -> str:
    try:
        total = Decimal(facts["total"])
    except (KeyError, InvalidOperation, TypeError):
        return ""
    return f", {settings.BASE_CURRENCY} {format_money(total, settings.BASE_CURRENCY)}"


def _suppliers(sentence: Callable[[], str]) -> Teller:
    return lambda facts: sentence() % {"codes": ", ".join(facts.get("suppliers") or []) or "–"}


def _carried(facts: dict[str, Any]) -> str:
    facts = facts | {"codes": ", ".join(facts.get("suppliers") or []) or _("a supplier")}
    return _("let the last quotation of %(codes)s stand in round %(round)s") % facts


def _file(known: Callable[[], str], unknown: Callable[[], str]) -> Teller:
    return lambda facts: known() % {"name": facts["name"]} if "name" in facts else unknown()


FILES = ("rfq.attach", "rfq.download")
BY_SUPPLIER = ("quotation.submit", "quotation.withdraw", "quotation.confirm", "question.ask")
STORY: dict[str, tuple[str, Teller]] = {
    "attempt.denied": (
        "ban",
        lambda facts: (
            _("was not allowed to: %(what)s")
            % {"what": str(facts.get("attempt", "")).replace("_", " ")}
        ),
    ),
    "rfq.create": ("circle-plus", _always(lambda: _("began the request"))),
    "rfq.revise": ("pencil", _revised),
    "rfq.choose_suppliers": ("users", _suppliers(lambda: _("chose the suppliers %(codes)s"))),
    "rfq.invite": ("user-plus", _suppliers(lambda: _("asked further suppliers: %(codes)s"))),
    "rfq.send_again": ("mail", _suppliers(lambda: _("sent the invitation again to %(codes)s"))),
    "invitation.report_address": (
        "triangle-alert",
        _suppliers(lambda: _("noted that the address of %(codes)s does not work")),
    ),
    "invitation.correct_address": (
        "mail",
        _suppliers(lambda: _("mailed the invitation of %(codes)s to another address")),
    ),
    "invitation.copy": (
        "mail",
        _suppliers(lambda: _("chose who else of %(codes)s gets copies of the letters")),
    ),
    "late.ask": (
        "clock",
        _suppliers(lambda: _("asked to admit a late quotation of %(codes)s")),
    ),
    "late.confirm": ("clock", _suppliers(lambda: _("admitted a late quotation of %(codes)s"))),
    "late.admit": ("circle-check", _suppliers(lambda: _("approved a late quotation of %(codes)s"))),
    "late.refuse": (
        "circle-x",
        _suppliers(lambda: _("did not approve a late quotation of %(codes)s")),
    ),
    "late.take_back": (
        "undo-2",
        _suppliers(lambda: _("asks for a late quotation of %(codes)s no more")),
    ),
    "supplier.ask_activation": (
        "send",
        _always(lambda: _("asked for the activation of the supplier")),
    ),
    "supplier.step_approved": ("check", lambda facts: _("approved step %(step)s") % facts),
    "supplier.activate": ("circle-check", _always(lambda: _("made the supplier active"))),
    "supplier.refuse_activation": ("circle-x", _always(lambda: _("rejected the activation"))),
    "supplier.return_activation": ("undo-2", _always(lambda: _("returned the activation"))),
    "supplier.take_back_activation": (
        "undo-2",
        _always(lambda: _("asks for the activation no more")),
    ),
    "supplier.void_activation": (
        "triangle-alert",
        _always(lambda: _("voided the activation: the supplier changed")),
    ),
    "supplier.activation_reminded": ("bell", _half_over),
    "supplier.activation_escalated": ("triangle-alert", _escalated),
    "late.void": (
        "triangle-alert",
        _suppliers(lambda: _("voided the approval of a late quotation of %(codes)s: it changed")),
    ),
    "invitation.view": ("eye", _always(lambda: _("opened the invitation"))),
    "rfq.ask_review": ("eye", _always(lambda: _("asked for a review"))),
    "rfq.send_back": ("undo-2", _always(lambda: _("sent it back to draft"))),
    "rfq.pass_review": ("send", _published),
    "rfq.publish": ("send", _published),
    "rfq.extend": ("calendar", _always(lambda: _("moved the closing time"))),
    "rfq.remind": ("clock", _reminded),
    "rfq.ask_opening": (
        "lock",
        _always(lambda: _("asked for the opening; a second person has to confirm it")),
    ),
    "rfq.evaluate": ("scale", _evaluated),
    "rfq.add_rates": (
        "refresh-cw",
        lambda facts: (
            _("added missing exchange rates: %(codes)s") % {"codes": ", ".join(facts["rates"])}
        ),
    ),
    "rfq.state_taxes": (
        "percent",
        lambda facts: (
            _("added GST or customs duty of %(n)d lines, by %(source)s")
            % {"n": len(facts["taxes"]), "source": facts["source"]}
        ),
    ),
    "rfq.negotiate": ("refresh-cw", _negotiated),
    "quotation.carry": ("history", _carried),
    "rfq.fail": ("ban", _always(lambda: _("closed it as unsuccessful"))),
    "rfq.submit": ("send", _submitted),
    "rfq.withdraw": ("undo-2", _always(lambda: _("withdrew the award"))),
    "rfq.return": ("undo-2", _always(lambda: _("returned the award for changes"))),
    "rfq.reject": ("circle-x", _always(lambda: _("rejected the award"))),
    "rfq.approve": ("circle-check", _approved),
    "rfq.void": ("triangle-alert", _voided),
    "rfq.cancel": ("circle-x", _always(lambda: _("cancelled the request"))),
    "rfq.reopen": ("lock-open", _always(lambda: _("reopened the request"))),
    "rfq.attach": (
        "paperclip",
        _file(lambda: _("attached %(name)s"), lambda: _("attached a sealed file")),
    ),
    "rfq.download": (
        "download",
        _file(lambda: _("downloaded %(name)s"), lambda: _("downloaded a sealed file")),
    ),
    "quotation.capture": ("message-square", _captured),
    "quotation.submit": ("message-square", _submitted_by_supplier),
    "quotation.withdraw": ("undo-2", _always(lambda: _("took a quotation back"))),
    "invitation.decline": (
        "circle-minus",
        _suppliers(lambda: _("declined to quote: %(codes)s")),
    ),
    "invitation.reconsider": ("check", _suppliers(lambda: _("will quote after all: %(codes)s"))),
    "invitation.too_late": ("clock", _always(lambda: _("tried to quote after the closing time"))),
    "quotation.confirm": ("check", _confirmed),
    "rfq.amend": ("file-text", lambda facts: _("issued addendum %(number)s") % facts),
    "question.ask": ("message-square", _always(lambda: _("asked a question"))),
    "question.answer": ("send", _always(lambda: _("answered a question to all who were asked"))),
    "quotation.disqualify": (
        "ban",
        lambda facts: _("disqualified the quotation of %(supplier)s") % facts,
    ),
    "order.issue": ("send", lambda facts: _("issued %(order)s, revision %(revision)s") % facts),
    "order.acknowledge": ("check", lambda facts: _("noted that %(order)s is acknowledged") % facts),
    "order.close": ("circle-check", lambda facts: _("closed %(order)s") % facts),
    "order.cancel": ("circle-x", lambda facts: _("cancelled %(order)s: %(reason)s") % facts),
    "award.save": ("trophy", _saved),
    "award.step_approved": ("check", lambda facts: _("approved step %(step)s") % facts),
    "award.ask_cancellation": ("undo-2", _always(lambda: _("asked to cancel the approved award"))),
    "award.keep": ("undo-2", _always(lambda: _("withdrew the cancellation; the award stands"))),
    "award.void_cancellation": ("triangle-alert", _voided),
    "award.refuse_cancellation": (
        "circle-x",
        _always(lambda: _("did not agree to cancel the award; it stands")),
    ),
    "award.reminded": ("bell", _half_over),
    "award.escalated": ("triangle-alert", _escalated),
    "award.apd_number": ("hash", lambda facts: _("added the APD number %(apd_number)s") % facts),
}
