"""A supplier that is to become active, where a policy wants that approved."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from rfqs.actions import activating
from rfqs.models import Activation, ApprovalPolicy
from suppliers.models import Supplier
from tests.factories import ApproverFactory, BuyerFactory, HeadFactory, SupplierFactory

WHY = "the only maker of this seal in the country"
NO = "the GSTIN is not theirs"


@dataclass
class Applying:
    """A supplier and the people around it."""

    supplier: Supplier
    buyer: User
    approver: User
    head: User

    @property
    def activation(self) -> Activation:
        """The newest one."""
        return Activation.objects.filter(supplier=self.supplier).latest("created_at")

    def ask(self, **changes: Any) -> Activation:
        """Ask for it as the buyer."""
        facts = {"supplier_id": self.supplier.pk, "by": self.buyer, "reason": WHY}
        return activating.ask(**(facts | changes))

    def said(self, **changes: Any) -> dict[str, Any]:
        """What the form of the active step holds."""
        step = (
            self.activation.steps.filter(status="active").first() or self.activation.steps.first()
        )
        return {"seen": self.activation.content_hash, "step_id": step.pk, "comment": NO} | changes

    def decide(self, verb: Any, by: User, **changes: Any) -> Any:
        """Decide the active step as `by`."""
        decision = verb(supplier_id=self.supplier.pk, by=by, **self.said(**changes))
        self.supplier.refresh_from_db()
        return decision


def policy(*steps: str, **facts: Any) -> ApprovalPolicy:
    """A policy for activations."""
    made = ApprovalPolicy.objects.create(name="New suppliers", subject="activation", **facts)
    made.bands.create(steps=list(steps or ["approver"]))
    return made


def applying(*steps: str, asked: bool = True) -> Applying:
    """A supplier that is not active; where `asked`, its activation waits for its first step."""
    supplier = SupplierFactory(status="pending")
    policy(*steps)
    story = Applying(supplier, BuyerFactory(), ApproverFactory(), HeadFactory())
    if asked:
        story.ask()
    return story
