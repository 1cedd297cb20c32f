"""Large comparative statements, brought in by the import commands as anybody would bring them in."""

import csv
import random
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

SIZES = ((100, 10), (200, 20))  # lines x suppliers
COPIES = (11, 3)  # one more than a process keeps: looked at in turn, each look is a first one
BUYER = "buyer@bulk.example.com"


def reference(lines: int, suppliers: int, copy: int = 1) -> str:
    """By which a request of this size is known."""
    return f"SHEET-{lines}x{suppliers}-{copy}"


def copies(*, quick: bool = False) -> Iterable[tuple[int, int, int]]:
    """Lines, suppliers and number of every request there is; one of each where it is to be quick."""
    for (lines, suppliers), most in zip(SIZES, COPIES, strict=True):
        for copy in range(1, 2 if quick else most + 1):
            yield lines, suppliers, copy


def bring_in(manage: Callable[..., str], site: str, *, quick: bool = False) -> None:
    """Import suppliers, some requests a size, and a full quotation of every supplier asked."""
    draw = random.Random(7)  # noqa: S311 (figures, not secrets)
    most = max(suppliers for _lines, suppliers in SIZES)
    codes = [f"BULK-SHEET-{number:02d}" for number in range(1, most + 1)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        names = [{"vendor_code": code, "name": f"Sheet supplier {code}"} for code in codes]
        manage("import_suppliers", _written(place / "suppliers.csv", names))
        for lines, suppliers, copy in copies(quick=quick):
            asked, name = codes[:suppliers], reference(lines, suppliers, copy)
            rfqs = _written(place / "rfqs.csv", _request(site, name, lines, asked))
            manage("import_rfqs", rfqs, "--publish", "--as", BUYER)
            quotations = _written(place / "quotations.csv", _quotations(draw, name, lines, asked))
            manage("import_quotations", quotations, "--as", BUYER)


def _request(site: str, name: str, lines: int, codes: list[str]) -> Iterable[dict[str, object]]:
    for number in range(1, lines + 1):
        yield {
            "rfq_ref": name, "site": site, "commodity_type": "provided_data",
            "title": "A large statement", "deadline": "2099-12-31 10:00", "suppliers": ";".join(codes),
            "line_no": number, "description": f"Part {number} of the shutdown", "quantity": 10 + number,
            "uom": "NOS", "gst_percent": 18, "last_buying_price": 100 + number,
        }  # fmt: skip


def _quotations(
    draw: random.Random, name: str, lines: int, codes: list[str]
) -> Iterable[dict[str, object]]:
    for code in codes:
        for number in range(1, lines + 1):
            yield {
                "rfq": name, "supplier": code, "currency": "INR", "freight": 5000,
                "pf_percent": "1.5", "line_no": number, "gst_percent": 18,
                "unit_price": f"{(100 + number) * draw.uniform(0.9, 1.2):.2f}",
            }  # fmt: skip


def _written(path: Path, rows: Iterable[dict[str, object]]) -> str:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)
    return str(path)
