"""A supplier as whoever approves its activation agrees to it."""

import json

from rfqs.reports import hashed
from suppliers.models import Supplier

SUPPLIER_FIELDS = (
    "code", "name", "status", "category", "city", "state", "country", "postal_code", "gstin", "vat_number",
    "currency", "payment_terms",
)  # fmt: skip


def supplier_content(supplier: Supplier) -> str:
    """All of a supplier that an approver agrees to, as canonical JSON; what is personal as a digest."""
    supplier.refresh_from_db()
    people = supplier.contacts.order_by("pk").values_list("name", "email", "phone", "is_active")
    personal = json.dumps([supplier.email, supplier.phone, supplier.address, *map(list, people)])
    facts = {name: str(getattr(supplier, name)) for name in SUPPLIER_FIELDS}
    content = {"supplier": facts | {"contacts": hashed(personal)[:12]}}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
