"""The comparative statement as a file, in each of its forms, from the one read model."""

from datetime import datetime

from rfqs import reports
from rfqs.endorsement import endorsement_of
from rfqs.exports import csv, figures, pdf, statement, workbook, xlsx
from rfqs.models import RFQ

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": xlsx.CONTENT_TYPE,
    "pdf": pdf.CONTENT_TYPE,
}


def statement_file(rfq: RFQ, form: str, now: datetime) -> bytes:
    """The statement as `form` (a key of CONTENT_TYPES); the caller made sure of the right to see it."""
    read = reports.statement(rfq)
    if form == "csv":
        return csv.document(figures.header(), figures.rows(read))
    endorsed = endorsement_of(rfq)
    if form == "xlsx":
        return workbook.render(rfq, read, endorsed)
    return pdf.compiled("statement", statement.paper(rfq, read, endorsed, now))
