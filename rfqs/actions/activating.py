"""Making a supplier active, where a policy wants that approved: ask, decide, take back (docs/adr/0032)."""

import json
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, Incomplete, Stale
from quoteflow.lib.once import Once
from rfqs import notices, policy, routing
from rfqs.actions.awarding import LEAST_REASON
from rfqs.actions.deciding import LEAST_COMMENT, AlreadyDecided
from rfqs.actions.moving import activate_supplier, close_activation, move_activation_step
from rfqs.actions.watching import activation_limit
from rfqs.applicant import supplier_content
from rfqs.content import Change, ContentChanged, compared
from rfqs.models import (
    Activation,
    ActivationDecision,
    ActivationStep,
    Outcome,
    RequestStatus,
    StepStatus,
)
from rfqs.reports import hashed
from suppliers.models import Supplier, SupplierStatus

# What makes the one who did it a part of the supplier: they never decide on it (A1).
WORK = ("supplier.create", "supplier.change", "contact.create", "contact.change", "contact.delete")
CALLED = {
    Outcome.REJECTED: (RequestStatus.REJECTED, "supplier.refuse_activation"),
    Outcome.RETURNED: (RequestStatus.RETURNED, "supplier.return_activation"),
}


@action
def ask(*, supplier_id: UUID, by: User, reason: str, once: Once | None = None) -> Activation:
    """Ask that a supplier becomes one that may be asked for prices; until it is decided, nothing changes.

    Raises DomainError where no policy asks for an approval, the supplier is active or it is asked for
    already, Incomplete without a reason, or where nobody could decide a step, Repeated where the form `once`
    was sent before.
    """
    supplier = _lock(supplier_id)
    policy.insist(policy.can_ask_activation, by, supplier)
    if once:
        once.claim(supplier_id)
    route = routing.activation_route()
    if route is None:
        raise DomainError(
            _("No policy asks for an approval; the back office makes the supplier active.")
        )
    if supplier.status == SupplierStatus.ACTIVE:
        raise DomainError(_("%(name)s is active already.") % {"name": supplier.name})
    if _pending(supplier) is not None:
        raise DomainError(_("The activation waits for its approval already."))
    if len(reason.strip()) < LEAST_REASON:
        raise Incomplete(
            _("Say in at least %(n)d characters why the supplier is needed.") % {"n": LEAST_REASON}
        )
    activation = _begun(supplier, route, by, reason.strip())
    after = {"reason": activation.reason, "steps": len(route.signers)}
    _record("supplier.ask_activation", activation, by, after=after)
    notices.activation_asked(activation, activation.steps.get(sequence=1))
    return activation


@action
def take_back(*, supplier_id: UUID, by: User) -> Activation:
    """Think better of it, as long as nobody has decided."""
    supplier = _lock(supplier_id)
    policy.insist(policy.can_ask_activation, by, supplier)
    activation = _pending(supplier)
    if activation is None:
        raise DomainError(_("No activation of this supplier waits for a decision."))
    if activation.decisions.exists():
        raise DomainError(_("Somebody has decided already; ask them to return it."))
    close_activation(activation, RequestStatus.WITHDRAWN, at=timezone.now())
    _record("supplier.take_back_activation", activation, by)
    return activation


@action
def approve(
    *, supplier_id: UUID, by: User, seen: str, step_id: UUID, comment: str = ""
) -> ActivationDecision:
    """Say yes to one step; the last yes makes the supplier active.

    `seen` is the content hash of what was `shown`. Raises NotAllowed, AlreadyDecided, Stale, and ContentChanged
    where the supplier is not the one that was asked for.
    """
    return _decide(supplier_id, Outcome.APPROVED, by, (seen, step_id, comment))


@action
def reject(
    *, supplier_id: UUID, by: User, seen: str, step_id: UUID, comment: str
) -> ActivationDecision:
    """Say no, with a comment; the supplier stays as it is. Arguments as `approve`."""
    return _decide(supplier_id, Outcome.REJECTED, by, (seen, step_id, comment))


@action
def send_back(
    *, supplier_id: UUID, by: User, seen: str, step_id: UUID, comment: str
) -> ActivationDecision:
    """Return it for changes, with a comment. Arguments as `approve`."""
    return _decide(supplier_id, Outcome.RETURNED, by, (seen, step_id, comment))


@action
def void(*, activation_id: UUID, changes: Sequence[Change]) -> None:
    """End an activation of a supplier that is not the one that was asked for (A5); nobody's decision."""
    activation = Activation.objects.get(pk=activation_id)
    _lock(activation.supplier_id)
    activation.refresh_from_db()
    if activation.status != RequestStatus.PENDING:
        return
    close_activation(activation, RequestStatus.VOIDED, at=timezone.now())
    labels = [change.label for change in changes]
    _record("supplier.void_activation", activation, None, after={"changed": labels})
    notices.activation_voided(activation, changes)


def _pending(supplier: Supplier) -> Activation | None:
    return Activation.objects.filter(supplier=supplier, status=RequestStatus.PENDING).first()


def _begun(supplier: Supplier, route: routing.Route, by: User, reason: str) -> Activation:
    worked = AuditEvent.objects.filter(
        stream=str(supplier.pk), verb__in=WORK, actor__isnull=False
    ).values_list("actor", flat=True)
    content = supplier_content(supplier)
    activation = Activation.objects.create(
        supplier=supplier, reason=reason, policy_name=route.policy_name, requested_by=by,
        barred=sorted({by.pk, *worked}), content=content, content_hash=_hash(content, reason),
    )  # fmt: skip
    steps = [
        ActivationStep(
            activation=activation, sequence=number, role=one.role, person_id=one.person_id, hours=one.hours,
            **(_asked_now(one) if number == 1 else {}),
        )
        for number, one in enumerate(route.signers, start=1)
    ]  # fmt: skip
    _insist_on_deciders(activation, steps)
    ActivationStep.objects.bulk_create(steps)
    return activation


def _asked_now(signer: routing.Signer) -> dict[str, object]:
    """What makes a step the one that waits for its decision."""
    now = timezone.now()
    return {"status": StepStatus.ACTIVE, "activated_at": now} | activation_limit(now, signer.hours)


def _insist_on_deciders(activation: Activation, steps: Sequence[ActivationStep]) -> None:
    """Every step needs somebody, and all of them together as many people as there are steps (A3)."""
    if not steps:
        raise Incomplete(
            _("The policy “%(name)s” names nobody who decides this. Ask the back office.")
            % {"name": activation.policy_name}
        )
    everybody: set[UUID] = set()
    for step in steps:
        people = set(policy.activators(activation, step).values_list("pk", flat=True))
        everybody |= people
        if not people or len(everybody) < step.sequence:
            raise Incomplete(
                _("Nobody can decide step %(n)d (%(role)s): everyone with that role wrote the supplier or decides"
                  " an earlier step, or nobody holds it. Ask the back office.")
                % {"n": step.sequence, "role": step.get_role_display()}
            )  # fmt: skip


def _decide(
    supplier_id: UUID, outcome: Outcome, by: User, said: tuple[str, UUID, str]
) -> ActivationDecision:
    seen, step_id, comment = said[0], said[1], said[2].strip()
    _lock(supplier_id)
    steps = _locked_steps(supplier_id, step_id)
    step = next((one for one in steps if one.pk == step_id), None)
    if step is None or step.status != StepStatus.ACTIVE:
        raise AlreadyDecided(_who_decided(supplier_id, step_id))
    activation = step.activation
    person = _insist(step, by)
    if outcome != Outcome.APPROVED and len(comment) < LEAST_COMMENT:
        raise Incomplete(
            _("Write at least %(n)d characters, so that who asked knows what to do.")
            % {"n": LEAST_COMMENT}
        )
    _insist_unchanged(activation)  # unlike a request, a supplier is not frozen while it waits
    if seen != activation.content_hash:
        raise Stale(_("This is not the one you were shown. Look at it again before you decide."))
    decision = ActivationDecision.objects.create(
        step=step, activation=activation, outcome=outcome, by=by, comment=comment,
        on_behalf_of=None if person == by else person, content_hash=seen, at=timezone.now(),
    )  # fmt: skip
    following = next((one for one in steps if one.sequence == step.sequence + 1), None)
    _settle(decision, following)
    return decision


def _insist(step: ActivationStep, by: User) -> User:
    """The person may, and decides no other step; in whose right."""
    activation = step.activation
    policy.insist(policy.can_decide, by, activation, step)
    taken = parties_of(activation, step)
    person = policy.decides_as(by, activation, step, taken)
    if by.pk in taken or person is None:
        raise DomainError(
            _(
                "You, or whom you stand in for, decide another step; another person decides this one."
            )
        )
    return person


def parties_of(activation: Activation, step: ActivationStep) -> set[UUID]:
    """Who decides no second step: who decided one, for whom it was decided, whom a later one names."""
    pairs = activation.decisions.values_list("by", "on_behalf_of")
    later = activation.steps.filter(sequence__gt=step.sequence, person__isnull=False)
    people = {pk for pair in pairs for pk in pair} | set(later.values_list("person", flat=True))
    return {pk for pk in people if pk is not None}


def _settle(decision: ActivationDecision, following: ActivationStep | None) -> None:
    """Carry a decision out: the next step, or the end."""
    activation, step, by = decision.activation, decision.step, decision.by
    after = {"step": step.sequence, "comment": decision.comment}
    move_activation_step(step, decision.outcome)
    if decision.outcome != Outcome.APPROVED:
        status, verb = CALLED[Outcome(decision.outcome)]
        close_activation(activation, status, at=decision.at)
    elif following is not None:
        verb = "supplier.step_approved"
        move_activation_step(following, StepStatus.ACTIVE, at=decision.at)
    else:
        verb = "supplier.activate"
        close_activation(activation, RequestStatus.APPROVED, at=decision.at)
        activate_supplier(activation, at=decision.at)
    _record(verb, activation, by, on_behalf_of=decision.on_behalf_of, after=after)
    if activation.status == RequestStatus.PENDING and following is not None:
        notices.activation_asked(activation, following)
    else:
        notices.activation_decided(activation, decision)


def _insist_unchanged(activation: Activation) -> None:
    content = supplier_content(activation.supplier)
    if _hash(content, activation.reason) != activation.content_hash:
        changes = compared(activation.content, content)
        raise ContentChanged(
            _("The supplier changed after the activation was asked for, so this approval is void. Nothing was"
              " approved; it has to be asked for again."),
            activation, changes, void=partial(void, activation_id=activation.pk, changes=changes),
        )  # fmt: skip


def shown(activation: Activation) -> str:
    """The content hash of the supplier as it stands: what whoever looks at it now is shown."""
    return _hash(supplier_content(activation.supplier), activation.reason)


def _hash(content: str, reason: str) -> str:
    return hashed(json.dumps([content, reason]))


def _lock(supplier_id: UUID) -> Supplier:
    return Supplier.objects.select_for_update(of=("self",), no_key=True).get(pk=supplier_id)


def _locked_steps(supplier_id: UUID, step_id: UUID) -> list[ActivationStep]:
    """The step and its neighbours with their activation, locked after the supplier."""
    rows = ActivationStep.objects.filter(
        activation__supplier=supplier_id, activation__steps__pk=step_id
    )
    return list(
        rows.select_related("activation__supplier")
        .select_for_update(of=("self", "activation"), no_key=True)
        .order_by("sequence")
    )


def _who_decided(supplier_id: UUID, step_id: UUID) -> str:
    steps = ActivationStep.objects.filter(pk=step_id, activation__supplier=supplier_id)
    made = ActivationDecision.objects.filter(step__in=steps).select_related("by", "on_behalf_of")
    decision = made.first()
    if decision is None:
        if steps.filter(status=StepStatus.WAITING).exists():
            return _("An earlier step has to be decided before this one.")
        step = steps.select_related("activation").first()
        status = step.activation.get_status_display() if step else "—"
        return _(
            "This step does not wait for a decision any more. The activation is “%(status)s”."
        ) % {"status": status}
    return _("%(name)s was quicker: %(outcome)s at %(time)s.") % {
        "name": decision.signature,
        "outcome": decision.get_outcome_display().lower(),
        "time": timezone.localtime(decision.at).strftime("%H:%M %Z"),
    }


def _record(
    verb: str,
    activation: Activation,
    by: User | None,
    *,
    on_behalf_of: User | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """An event in the story of the supplier."""
    stream = activation.supplier_id
    journal.record(verb, activation, by=by, on_behalf_of=on_behalf_of, stream=stream, after=after)
