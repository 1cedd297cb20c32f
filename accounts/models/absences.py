"""While one is away, another decides for them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils import timezone

from quoteflow.lib.ids import new_id


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Reads of absences."""

    def current(self) -> "DelegationQuerySet":
        """Those that hold at this moment, by the database's clock."""
        return self.filter(revoked_at=None, starts_at__lte=Now(), ends_at__gt=Now())

    def standing(self) -> "DelegationQuerySet":
        """Those that hold or will."""
        return self.filter(revoked_at=None, ends_at__gt=Now())


class Delegation(models.Model):
    """While one approver is away, another decides for them: from a day to a day, one level deep.

    A delegation is never deleted, only ended: it says in whose name decisions were made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="delegations"
    )
    deputy = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="deputations"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # exclusive
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="accounts_delegation_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("person")), name="accounts_delegation_to_another"
            ),
            ExclusionConstraint(
                name="accounts_delegation_no_overlap",
                expressions=[
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("person", RangeOperators.EQUAL),
                ],
                condition=Q(revoked_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["deputy"], condition=Q(revoked_at=None), name="accounts_delegation_deputy"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.deputy_id}"
