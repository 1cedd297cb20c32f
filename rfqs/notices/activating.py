"""To the people of the house: a supplier that waits to be activated, and what became of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from quoteflow.notifications.models import Topic
from quoteflow.notifications.outbox import Letter, enqueue
from rfqs import policy
from rfqs.content import Change
from rfqs.models import Activation, ActivationDecision, ActivationStep


def activation_asked(activation: Activation, step: ActivationStep) -> None:
    """Ask everyone who may decide this step."""
    _to_deciders("activation_asked", activation, step)


def activation_reminded(step: ActivationStep) -> None:
    """Half of the time is over: ask everyone who may decide once more."""
    _to_deciders("activation_reminder", step.activation, step)


def activation_overdue(step: ActivationStep) -> None:
    """The time is over: tell everyone who may decide, those who may from now on included."""
    _to_deciders("activation_overdue", step.activation, step)


def activation_decided(activation: Activation, decision: ActivationDecision) -> None:
    """Tell who asked, who decided an earlier step, and in whose name anybody did."""
    context = {"decision": decision, "by": decision.signature}
    told = Q(pk__in=[activation.requested_by_id, decision.on_behalf_of_id])
    earlier = activation.decisions.exclude(pk=decision.pk)
    told |= Q(pk__in=earlier.values("by")) | Q(pk__in=earlier.values("on_behalf_of"))
    people = User.objects.get_queryset().active().filter(told).order_by("email")
    to = list(people.values_list("email", flat=True))
    _send("activation_decided", decision.pk, to, activation, Topic.DECISIONS, context)


def activation_voided(activation: Activation, changes: Sequence[Change]) -> None:
    """Tell who asked that it is void, and what had changed."""
    context = {"changes": changes}
    to = _asker(activation)
    _send("activation_voided", activation.pk, to, activation, Topic.DECISIONS, context)


def _to_deciders(kind: str, activation: Activation, step: ActivationStep) -> None:
    due = timezone.localtime(step.due_at, timezone.get_default_timezone()) if step.due_at else None
    addresses = policy.addresses_of_activators(activation, step)
    context = {"step": step, "due": due}
    _send(kind, step.pk, addresses, activation, Topic.APPROVALS, context)


def _asker(activation: Activation) -> list[str]:
    people = User.objects.get_queryset().active().filter(pk=activation.requested_by_id)
    return list(people.values_list("email", flat=True))


def _send(
    kind: str,
    about: UUID,
    addresses: list[str],
    activation: Activation,
    topic: str,
    context: dict[str, Any],
) -> None:
    page = "rfqs:inbox_supplier" if topic == Topic.APPROVALS else "rfqs:activation"
    link = reverse(page, args=[activation.supplier_id])
    context = context | {"supplier": activation.supplier, "link": link, "activation": activation}
    letters = [
        Letter(kind, str(about), address, context, topic=topic, link=link, about=about)
        for address in addresses
    ]
    enqueue(letters)
