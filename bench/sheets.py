"""Large comparative statements, brought in by the import commands as anybody would bring them in."""

import csv
import random
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

SIZES = ((100, 10), (200, 20))  # lines x suppliers
BUYER = "buyer@bulk.example.com"


def reference(lines: int, suppliers: int) -> str:
    """By which the request of this size is known."""
    return f"SHEET-{lines}x{suppliers}"


def bring_in(manage: Callable[..., str], site: str) -> None:
    """Import suppliers, one request a size, and a full quotation of every supplier asked."""
    draw = random.Random(7)  # noqa: S311 (figures, not secrets)
    most = max(suppliers for _lines, suppliers in SIZES)
    codes = [f"BULK-SHEET-{number:02d}" for number in range(1, most + 1)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        names = [{"vendor_code": code, "name": f"Sheet supplier {code}"} for code in codes]
        manage("import_suppliers", _written(place / "suppliers.csv", names))
        for lines, suppliers in SIZES:
            asked = codes[:suppliers]
            rfqs = _written(place / "rfqs.csv", _request(site, lines, asked))
            manage("import_rfqs", rfqs, "--publish", "--as", BUYER)
            quotations = _written(place / "quotations.csv", _quotations(draw, lines, asked))
            manage("import_quotations", quotations, "--as", BUYER)


def _request(site: str, lines: int, codes: list[str]) -> Iterable[dict[str, object]]:
    for number in range(1, lines + 1):
        yield {
            "rfq_ref": reference(lines, len(codes)), "site": site, "commodity_type": "provided_data",
            "title": "A large statement", "deadline": "2099-12-31 10:00", "suppliers": ";".join(codes),
            "line_no": number, "description": f"Part {number} of the shutdown", "quantity": 10 + number,
            "uom": "NOS", "gst_percent": 18, "last_buying_price": 100 + number,
        }  # fmt: skip


def _quotations(draw: random.Random, lines: int, codes: list[str]) -> Iterable[dict[str, object]]:
    for code in codes:
        for number in range(1, lines + 1):
            yield {
                "rfq": reference(lines, len(codes)), "supplier": code, "currency": "INR", "freight": 5000,
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
