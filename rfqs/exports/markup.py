"""XML in the two name spaces of UBL's parts: text is always text, nothing empty is written."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
PREFIXES = {
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
}
Nodes = list[ElementTree.Element]
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def basic(name: str, value: str | int | Decimal | date | None, **attributes: str) -> Nodes:
    """One element with a value, as a list; none where there is no value. Numbers have a dot and no groups."""
    text = f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)
    text = _IMPOSSIBLE.sub("", text).strip()
    if not text:
        return []
    made = ElementTree.Element(f"{{{PREFIXES['cbc']}}}{name}", attributes)
    made.text = text
    return [made]


def aggregate(name: str, *children: Nodes) -> Nodes:
    """One element around others, as a list; none where they are none."""
    inside = [child for group in children for child in group]
    if not inside:
        return []
    made = ElementTree.Element(f"{{{PREFIXES['cac']}}}{name}")
    made.extend(inside)
    return [made]


def document(name: str, children: Iterable[Nodes]) -> bytes:
    """A whole UBL document called `name`, UTF-8."""
    space = f"{UBL}{name}-2"
    root = ElementTree.Element(f"{{{space}}}{name}")
    root.extend(child for group in children for child in group)
    for prefix, part in PREFIXES.items():
        ElementTree.register_namespace(prefix, part)
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made
