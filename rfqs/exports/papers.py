"""A request as a file, in each of its forms, from the one read model."""

import json
from copy import copy
from datetime import datetime

from django.utils.translation import gettext as _

from rfqs import comparison, reports
from rfqs.endorsement import Endorsement, Signature, endorsement_of
from rfqs.exports import csv, figures, ocds, pdf, statement, ubl, workbook, xlsx
from rfqs.models import RFQ

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": xlsx.CONTENT_TYPE,
    "pdf": pdf.CONTENT_TYPE,
    "json": "application/json",
    "ubl": ubl.CONTENT_TYPE,
    "ocds": ocds.CONTENT_TYPE,
}
ENDINGS = {"ubl": "ubl.xml", "ocds": "ocds.json"}  # else the form's own name
OF_A_ROUND = ("pdf", "xlsx", "csv", "json")  # forms of an earlier round
WITHOUT_PRICES = ("ubl",)  # the request, as every supplier reads it


def statement_file(rfq: RFQ, form: str, now: datetime) -> bytes:
    """The request as `form` (a key of CONTENT_TYPES); the caller made sure of the right to see its prices.

    A statement as csv, xlsx, pdf and json (of `compare --json`, without its cheapest award); with `ubl` the
    request itself, with `ocds` all of it to its orders.
    """
    if form == "ubl":
        return ubl.request(rfq)
    if form == "ocds":
        return ocds.package(rfq, now)
    return _statement(rfq, form, endorsement_of(rfq), now)


def round_file(earlier: RFQ, form: str, now: datetime) -> bytes:
    """The statement of an earlier round, `rounds.as_of`, in one of OF_A_ROUND; it was never signed."""
    told = copy(earlier)
    told.title = _("Round %(n)d: %(title)s") % {"n": earlier.round, "title": earlier.title}
    prepared = Signature(_("Prepared by"), earlier.requester.full_name)
    return _statement(told, form, Endorsement((prepared,)), now)


def _statement(rfq: RFQ, form: str, endorsed: Endorsement, now: datetime) -> bytes:
    read = reports.statement(rfq)
    if form == "csv":
        return csv.document(figures.header(), figures.rows(read))
    if form == "json":
        return json.dumps(comparison.as_json(read.sheet), indent=2, ensure_ascii=False).encode()
    if form == "xlsx":
        return workbook.render(rfq, read, endorsed, now)
    return pdf.compiled("statement", statement.paper(rfq, read, endorsed, now))
