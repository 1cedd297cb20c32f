"""Write a request, its comparative statement or one of its papers to a file."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from quoteflow.lib.errors import DomainError
from rfqs.exports import papers, ubl
from rfqs.management.reading import readable
from rfqs.models import LIVE, RFQ

DOCUMENTS = ("request", "quotation", "order")


class Command(BaseCommand):
    """`manage.py export_rfq NUMBER --format pdf --out FILE`; exit 1 where prices may not be seen."""

    help = (
        "Write the comparative statement of a request as csv, xlsx or pdf, all of it as ocds (a release of "
        "the Open Contracting Data Standard), or as ubl the request, a supplier's quotation or its order."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the request, the form and the file."""
        parser.add_argument("number", help="the request's number, or its outside reference")
        parser.add_argument("--format", choices=list(papers.CONTENT_TYPES), required=True)
        parser.add_argument("--out", required=True, metavar="FILE", help="- for standard output")
        parser.add_argument(
            "--as", dest="acting", metavar="EMAIL", help="read with this person's rights"
        )
        parser.add_argument(
            "--document",
            choices=DOCUMENTS,
            default="request",
            help="which, as ubl; the request, if not said",
        )
        parser.add_argument(
            "--supplier", metavar="CODE", help="whose quotation or order, or to whom"
        )

    def handle(self, *args: Any, number: str, acting: str | None, **options: Any) -> None:
        """Write all of it or nothing."""
        form, document, code = options["format"], options["document"], options["supplier"]
        if form != "ubl" and (code or document != "request"):
            raise CommandError(_("--document and --supplier go with --format ubl."))
        try:
            prices = form not in papers.WITHOUT_PRICES or document != "request"
            rfq = readable(number, acting, prices=prices)
            content = (
                _ubl(rfq, document, code) if form == "ubl"
                else papers.statement_file(rfq, form, timezone.now())
            )  # fmt: skip
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self._write(rfq, content, options["out"])

    def _write(self, rfq: RFQ, content: bytes, target: str) -> None:
        if target == "-":
            sys.stdout.buffer.write(content)
            return
        try:
            Path(target).write_bytes(content)
        except OSError as problem:
            raise CommandError(
                _("The file cannot be written: %(why)s") % {"why": problem}
            ) from None
        said = {"number": rfq.number, "file": target}
        self.stdout.write(_("%(number)s is in %(file)s.") % said)


def _ubl(rfq: RFQ, document: str, code: str | None) -> bytes:
    """One UBL document. Raises DomainError where the supplier has none, or is not said."""
    if document == "request" and code is None:
        return ubl.request(rfq)
    if code is None:
        raise DomainError(_("Say whose: --supplier CODE."))
    try:
        if document == "request":
            return ubl.request(rfq, rfq.invitations.get(supplier__code=code).supplier)
        if document == "order":
            orders = rfq.orders.exclude(status="cancelled").select_related("supplier", "award")
            return ubl.order(orders.get(supplier__code=code))
        live = rfq.quotations.filter(round=rfq.round, status__in=LIVE).select_related("supplier")
        return ubl.quotation(live.get(supplier__code=code))
    except ObjectDoesNotExist:
        said = {"number": rfq.number, "code": code}
        raise DomainError(_("%(number)s has no such document of %(code)s.") % said) from None
