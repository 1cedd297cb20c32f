"""Read models: what page, spreadsheet, JSON and tests all read of a request."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from quoteflow.lib.composed import ComposedModels, Values
from quoteflow.lib.currencies import MINOR_UNITS
from quoteflow.lib.recent import Recent
from rfqs import comparison
from rfqs.answers import read
from rfqs.asked import Asked
from rfqs.models import (
    ACTIVE_INVITATIONS,
    LIVE,
    RFQ,
    Award,
    ExchangeRate,
    FreightTerm,
    LateAdmission,
    Quotation,
    QuotationLine,
)

POLICY_FIELDS = (
    "tax_basis", "quantity_basis", "incomplete_basis", "split_basis", "interest_percent", "credit_days",
)  # fmt: skip
PUBLISHED_FIELDS = (
    "number", "title", "description", "project_name", "commodity_type", "deadline", "is_urgent", "is_sealed",
    "delivery_place", "delivery_terms", "required_by", "contact",
)  # fmt: skip
ZERO = Decimal(0)


@dataclass(frozen=True)
class Computed:
    """A sheet, and what pages drew of it: text that depends on the sheet and its own key alone."""

    sheet: comparison.ComparisonSheet
    drawn: dict[Any, dict[Any, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """A comparative statement with the rows it was computed from: a page shows words beside figures."""

    inputs: comparison.Inputs
    sheet: comparison.ComparisonSheet
    lines: Asked
    quotations: list[Quotation]
    drawn: dict[Any, dict[Any, str]] = field(default_factory=dict)


# What a process computed last of large sheets; found again by their whole inputs, which are read anew each time,
# so that none is ever out of date. Ten thousand cells are some ten megabytes.
SHEETS: Recent[comparison.Inputs, Computed] = Recent(
    lambda inputs: Computed(comparison.build(inputs)),
    lambda computed: len(computed.sheet.lines) * len(computed.sheet.offers),
    least=200,
    most=10_000,
)


def comparison_inputs(rfq: RFQ, **options: Any) -> comparison.Inputs:
    """Everything the comparison of one round is computed from; see `_gathered` for the options."""
    return _gathered(rfq, **options)[0]


def comparison_sheet(rfq: RFQ, **options: Any) -> comparison.ComparisonSheet:
    """The comparative statement of a request; see `_gathered` for the options."""
    return comparison.build(comparison_inputs(rfq, **options))


def statement(rfq: RFQ, **options: Any) -> Statement:
    """The sheet and its rows, in the statements of the sheet alone; options as `_gathered`."""
    inputs, lines, quotations = _gathered(rfq, **options)
    computed = SHEETS(rfq.pk, inputs)
    return Statement(inputs, computed.sheet, lines, quotations, computed.drawn)


def award_content_hash(award: Award) -> str:
    """SHA-256 over the canonical JSON of all that an approver approves (DOMAIN 6, A5)."""
    return hashed(award_content(award))


def hashed(content: str) -> str:
    """SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def award_content(award: Award) -> str:
    """All that an approver approves, as canonical JSON: keys sorted, no spaces, every value as text."""
    rfq = award.rfq
    quotations = rfq.quotations.filter(round=rfq.round, status__in=LIVE).order_by("pk")
    content = {
        "head": _facts(
            rfq, ("number", "title", "description", "commodity_type", "deadline", "is_urgent")
        ),
        "policy": _facts(rfq, POLICY_FIELDS),
        "rates": {"on": str(rfq.rates_on), **rfq.rates},
        **_added_taxes(rfq),
        "lines": [_row(row) for row in rfq.lines.order_by("position").values()],
        "quotations": [_row(row, leave=("status",)) for row in quotations.values()],
        "quotation_lines": [
            _row(row)
            for row in QuotationLine.objects.filter(quotation__in=quotations)
            .order_by("pk")
            .values()
        ],
        "award": {
            "total": f"{award.total:.2f}",  # as it is stored, whatever the currency's own decimals
            "reasons": award.reasons,
            "recommendation": award.recommendation,
        },
        "award_lines": [_row(row) for row in award.lines.order_by("pk").values()],
        "gaps": [_row(row) for row in award.gaps.order_by("pk").values()],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _added_taxes(rfq: RFQ) -> dict[str, dict[str, str]]:
    """What a buyer added of taxes; no word of it where that is nothing, as before there was any."""
    added = {
        f"{line} {name}": percent
        for line, percents in rfq.added_taxes.items()
        for name, percent in percents.items()
    }
    return {"added_taxes": added} if added else {}


def publication_content(rfq: RFQ) -> str:
    """All that a reviewer lets go out to suppliers, as canonical JSON like `award_content`."""
    suppliers = rfq.invitations.filter(status__in=ACTIVE_INVITATIONS).order_by("supplier")
    files = rfq.attachments.order_by("pk").values_list("sha256", flat=True)
    content = {
        "head": _facts(rfq, PUBLISHED_FIELDS),
        "policy": _facts(rfq, POLICY_FIELDS),
        "lines": [_row(row) for row in rfq.lines.order_by("position").values()],
        "suppliers": [str(pk) for pk in suppliers.values_list("supplier", flat=True)],
        "files": list(files),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def late_content(admission: LateAdmission) -> str:
    """All that lets a late quotation in, as canonical JSON like `award_content`; nothing of its prices."""
    invitation = admission.invitation
    content = {
        "head": _facts(
            invitation.rfq,
            (
                "number",
                "title",
                "description",
                "commodity_type",
                "deadline",
                "is_urgent",
                "is_sealed",
            ),
        ),
        "supplier": _facts(invitation.supplier, ("code", "name", "status")),
        "late": _facts(admission, ("round", "reason", "asked_at")),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _gathered(
    rfq: RFQ,
    *,
    round: int | None = None,  # noqa: A002 (the field's own name)
    rates: Mapping[str, Decimal] | None = None,
    **policy: Any,
) -> tuple[comparison.Inputs, Asked, list[Quotation]]:
    """Everything the comparison of one round is computed from, in three statements.

    Rates are those frozen on the request, or before the evaluation the latest known today; `rates`
    adds to them and `policy` (tax, quantity, interest_percent, credit_days) overrides the request's, for
    reading only. The caller has made sure that the prices may be seen.
    """
    lines = Asked.of(rfq)
    quotations = _QUOTATIONS.fetch(round or rfq.round, {"rfq": rfq.pk})
    for quotation in quotations:
        quotation.rfq = rfq
    known = {currency: Decimal(rate) for currency, rate in rfq.rates.items()}
    rates_on = rfq.rates_on
    if rates_on is None:
        rates_on = timezone.now().astimezone(rfq.site.zone).date()
        if any(quotation.currency != settings.BASE_CURRENCY for quotation in quotations):
            known = ExchangeRate.objects.on(rates_on)
    inputs = comparison.Inputs(
        rfq=rfq.number,
        policy=replace(_policy(rfq), **policy),
        lines=_with_added_taxes(rfq, lines.known.inputs),
        offers=_offers(rfq, lines, quotations),
        rates=known | dict(rates or {}),
        rates_on=rates_on.isoformat(),
        minor_units=MINOR_UNITS,
    )
    return inputs, lines, quotations


def _with_added_taxes(rfq: RFQ, lines: tuple[comparison.Line, ...]) -> tuple[comparison.Line, ...]:
    """The lines with the percentages that a buyer added; a GST that the request states stays."""
    if not rfq.added_taxes:
        return lines
    return tuple(
        _with_taxes(line, rfq.added_taxes[line.key]) if line.key in rfq.added_taxes else line
        for line in lines
    )


def _with_taxes(line: comparison.Line, added: Mapping[str, str]) -> comparison.Line:
    percents = {name: Decimal(percent) for name, percent in added.items()}
    gst = percents.get("gst") if line.gst_percent is None else line.gst_percent
    return replace(line, gst_percent=gst, duty_percent=percents.get("duty"))


def _quotations(of_round: int, values: Values) -> Any:
    rows = Quotation.objects.filter(rfq=values["rfq"], round=of_round, status__in=LIVE)
    return rows.with_altered().select_related("supplier").order_by("submitted_at", "id")


_QUOTATIONS: ComposedModels[Quotation] = ComposedModels(_quotations)


def _policy(rfq: RFQ) -> comparison.Policy:
    return comparison.Policy(
        base_currency=settings.BASE_CURRENCY,
        tax=comparison.Tax(rfq.tax_basis),
        quantity=comparison.Quantity(rfq.quantity_basis),
        interest_percent=rfq.interest_percent,
        credit_days=rfq.credit_days,
        lump_sums_in_split=comparison.LumpSums(rfq.split_basis),
        incomplete=comparison.Incomplete(rfq.incomplete_basis),
    )


def _offers(rfq: RFQ, lines: Asked, quotations: list[Quotation]) -> tuple[comparison.Offer, ...]:
    answers = read(rfq, quotations, lines)
    today = timezone.now().astimezone(rfq.site.zone).date()
    return tuple(
        offer_input(one, order, answers.get(str(one.pk), ()), expired=_is_expired(one, today))
        for order, one in enumerate(quotations)
    )


def offer_input(
    quotation: Quotation, order: int, lines: Sequence[comparison.OfferLine], *, expired: bool
) -> comparison.Offer:
    """A quotation with its answers, as the comparison reads it."""
    freight: Decimal | comparison.Freight = comparison.Freight.NOT_STATED
    if quotation.freight_term == FreightTerm.INCLUDED:
        freight = comparison.Freight.INCLUDED
    elif quotation.freight_amount is not None:
        freight = quotation.freight_amount
    return comparison.Offer(
        key=str(quotation.pk),
        supplier_code=quotation.supplier.code,
        supplier_name=quotation.supplier.name,
        currency=quotation.currency,
        header_discount_percent=quotation.header_discount_percent or ZERO,
        discount_on_full_order_only=quotation.discount_on_full_order,
        pf_percent=quotation.pf_percent or ZERO,
        pf_amount=quotation.pf_amount or ZERO,
        freight=freight,
        insurance=quotation.insurance or ZERO,
        other=quotation.other_charges or ZERO,
        clearing=quotation.clearing_charges or ZERO,
        tranches=tuple(
            comparison.Tranche(Decimal(share), int(day)) for share, day in quotation.tranches
        ),
        scheme=comparison.Scheme(quotation.gst_scheme),
        disqualified=quotation.status == "disqualified",
        expired=expired,
        needs_reconfirmation=quotation.status == "needs_reconfirmation",
        submitted_order=order,
        lines=lines,
    )


def _is_expired(quotation: Quotation, today: Any) -> bool:
    """Its validity date lies before today in the site's zone (DOMAIN 3)."""
    decided = quotation.status in ("awarded", "partly_awarded", "not_awarded")
    return not decided and quotation.valid_until is not None and quotation.valid_until < today


def _facts(row: Any, names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in names}


def _row(row: Mapping[str, Any], leave: tuple[str, ...] = ()) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if name not in leave}
