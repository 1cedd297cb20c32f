"""A request as a file, in each of its forms, from the one read model."""

from datetime import datetime

from rfqs import reports
from rfqs.endorsement import endorsement_of
from rfqs.exports import csv, figures, ocds, pdf, statement, ubl, workbook, xlsx
from rfqs.models import RFQ

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": xlsx.CONTENT_TYPE,
    "pdf": pdf.CONTENT_TYPE,
    "ubl": ubl.CONTENT_TYPE,
    "ocds": ocds.CONTENT_TYPE,
}
ENDINGS = {"ubl": "ubl.xml", "ocds": "ocds.json"}  # else the form's own name
WITHOUT_PRICES = ("ubl",)  # the request, as every supplier reads it


def statement_file(rfq: RFQ, form: str, now: datetime) -> bytes:
    """The request as `form` (a key of CONTENT_TYPES); the caller made sure of the right to see its prices.

    A statement as csv, xlsx and pdf; with `ubl` the request itself, with `ocds` all of it to its orders.
    """
    if form == "ubl":
        return ubl.request(rfq)
    if form == "ocds":
        return ocds.package(rfq, now)
    read = reports.statement(rfq)
    if form == "csv":
        return csv.document(figures.header(), figures.rows(read))
    endorsed = endorsement_of(rfq)
    if form == "xlsx":
        return workbook.render(rfq, read, endorsed)
    return pdf.compiled("statement", statement.paper(rfq, read, endorsed, now))
