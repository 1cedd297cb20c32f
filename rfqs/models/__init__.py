"""The tables of the product, by stage."""

from rfqs.models.access import Access
from rfqs.models.activation import Activation, ActivationDecision, ActivationStep
from rfqs.models.approval import (
    ApprovalRequest,
    ApprovalStep,
    Decision,
    Outcome,
    RequestStatus,
    StepStatus,
    SubmittedContent,
)
from rfqs.models.attachment import Attachment, AttachmentKind
from rfqs.models.award import LIVE_AWARDS, Award, AwardGap, AwardLine, AwardStatus, Exceptional
from rfqs.models.catalogue import Item, ItemUnit, Unit, UnitAlias
from rfqs.models.clarification import Addendum, Question
from rfqs.models.copies import InvitationCopy
from rfqs.models.late import LateAdmission
from rfqs.models.line import PeriodUnit, RFQLine, WorkType
from rfqs.models.negotiating import Round
from rfqs.models.order import PurchaseOrder, PurchaseOrderLine
from rfqs.models.policies import PERSON, SITE_HEAD, ApprovalBand, ApprovalPolicy, Subject
from rfqs.models.quotation import (
    LIVE,
    Channel,
    FreightTerm,
    GSTScheme,
    Opening,
    Quotation,
    QuotationLine,
    RateBasis,
)
from rfqs.models.rates import ExchangeRate, TaxRate
from rfqs.models.rfq import RFQ, CommodityType, Counter, Priority
from rfqs.models.sourcing import ACTIVE_INVITATIONS, ASKABLE_AGAIN, Invitation
from rfqs.models.statement import StoredStatement
from rfqs.states import InvitationStatus, OrderStatus, QuotationStatus

__all__ = [
    "ACTIVE_INVITATIONS",
    "ASKABLE_AGAIN",
    "LIVE",
    "LIVE_AWARDS",
    "PERSON",
    "RFQ",
    "SITE_HEAD",
    "Access",
    "Activation",
    "ActivationDecision",
    "ActivationStep",
    "Addendum",
    "ApprovalBand",
    "ApprovalPolicy",
    "ApprovalRequest",
    "ApprovalStep",
    "Attachment",
    "AttachmentKind",
    "Award",
    "AwardGap",
    "AwardLine",
    "AwardStatus",
    "Channel",
    "CommodityType",
    "Counter",
    "Decision",
    "Exceptional",
    "ExchangeRate",
    "FreightTerm",
    "GSTScheme",
    "Invitation",
    "InvitationCopy",
    "InvitationStatus",
    "Item",
    "ItemUnit",
    "LateAdmission",
    "Opening",
    "OrderStatus",
    "Outcome",
    "PeriodUnit",
    "Priority",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Question",
    "Quotation",
    "QuotationLine",
    "QuotationStatus",
    "RFQLine",
    "RateBasis",
    "RequestStatus",
    "Round",
    "StepStatus",
    "StoredStatement",
    "Subject",
    "SubmittedContent",
    "TaxRate",
    "Unit",
    "UnitAlias",
    "WorkType",
]
