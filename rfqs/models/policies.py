"""Which signatures an approval needs: policies and their bands (DOMAIN 4)."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Site
from quoteflow.lib.ids import new_id
from rfqs.models.rfq import CommodityType

DECIDING_ROLES = [(Role.APPROVER.value, Role.APPROVER.label), (Role.HEAD.value, Role.HEAD.label)]
SITE_HEAD, PERSON = "site_head", "person"
SIGNERS = [*DECIDING_ROLES, (SITE_HEAD, _("Head of the site")), (PERSON, _("Named person"))]
NOBODY = (
    "nobody"  # a publication goes out without a review, a late quotation is confirmed by two buyers
)
MOST_STEPS = 3
# Of a band: a role, the head of whatever site it is, or the id of a person; or nobody, alone.
KNOWN_STEPS = (
    r"^(nobody|((approver|head|site_head|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})( |$))+)$"
)
SAME_PERSON = r"([0-9a-f]{8}-[0-9a-f-]{27}).*\1"  # nobody decides two steps (A3)


def _joined(column: str) -> models.Func:
    """The words of an array column, a blank between two."""
    blank = models.Value(" ")
    return models.Func(column, blank, function="array_to_string", output_field=models.TextField())


class Subject(models.TextChoices):
    """What an approval is about."""

    AWARD = "award", _("Award")
    CANCELLATION = "cancellation", _("Cancellation of an award")
    PUBLICATION = "publication", _("Publication of a request")
    LATE = "late", _("Late quotation")
    ACTIVATION = "activation", _("Activation of a supplier")


OPTIONAL = (Subject.PUBLICATION, Subject.LATE)  # a band may ask nobody for these


class ApprovalPolicy(models.Model):
    """Which steps an approval takes, by its total in base currency; the most specific policy wins."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    subject = models.CharField(_("for"), max_length=12, choices=Subject, default=Subject.AWARD)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="approval_policies"
    )
    commodity_type = models.CharField(max_length=15, choices=CommodityType, blank=True)
    is_urgent = models.BooleanField(null=True, blank=True, help_text=_("Empty: both."))
    asks_file = models.BooleanField(
        _("signed paper"),
        default=False,
        help_text=_(
            "Of a publication: a draft goes out, or is reviewed, with a file of the kind “Urgent approval” only."
        ),
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = _("approval policies")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "site", "commodity_type", "is_urgent"],
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="rfqs_approvalpolicy_one_per_scope",
                violation_error_message=_(
                    "An active policy has this scope already. Change that one, or make it inactive."
                ),
            ),
            models.CheckConstraint(
                condition=Q(subject__in=Subject.values), name="rfqs_approvalpolicy_subject"
            ),
            models.CheckConstraint(
                condition=Q(asks_file=False) | Q(subject="publication"),
                name="rfqs_approvalpolicy_file",
                violation_error_message=_("Only a publication can ask for a signed paper."),
            ),
            models.CheckConstraint(
                condition=~Q(subject="activation")
                | Q(site=None, commodity_type="", is_urgent=None),
                name="rfqs_approvalpolicy_activation_scope",
                violation_error_message=_(
                    "A supplier is of no site, type or urgency; leave these three empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApprovalBand(models.Model):
    """From just above the previous band up to `up_to`, inclusive: these roles, in this order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(ApprovalPolicy, on_delete=models.CASCADE, related_name="bands")
    up_to = models.DecimalField(
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Inclusive, in base currency. Empty: no limit."),
    )
    steps = ArrayField(models.CharField(max_length=36), help_text=_("Who signs, in order."))
    hours = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        help_text=_("Working hours per step. Empty: the usual time limit."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "up_to"], nulls_distinct=False, name="rfqs_approvalband_once"
            ),
            models.CheckConstraint(
                condition=Q(up_to=None) | Q(up_to__gt=0), name="rfqs_approvalband_positive"
            ),
            models.CheckConstraint(
                condition=Q(steps__len__gte=1), name="rfqs_approvalband_has_steps"
            ),
            models.CheckConstraint(
                condition=Regex(_joined("steps"), KNOWN_STEPS), name="rfqs_approvalband_steps_known"
            ),
            models.CheckConstraint(
                condition=~Q(Regex(_joined("steps"), SAME_PERSON)),
                name="rfqs_approvalband_no_person_twice",
            ),
            models.CheckConstraint(
                condition=Q(hours__len=0) | Q(hours__len=models.F("steps__len")),
                name="rfqs_approvalband_hours_per_step",
            ),
        ]

    def __str__(self) -> str:
        return f"≤ {self.up_to}" if self.up_to is not None else "∞"


def total_within(band: ApprovalBand, amount: Decimal) -> bool:
    """Whether `amount` (base currency) falls at or below the band's upper end."""
    return band.up_to is None or amount <= band.up_to
