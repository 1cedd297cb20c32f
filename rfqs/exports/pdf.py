"""PDF by Typst: a template of ours, and the facts as JSON beside it, never as markup."""

import json
from pathlib import Path
from typing import Any

CONTENT_TYPE = "application/pdf"
TEMPLATES = Path(__file__).parent / "typst"


def compiled(template: str, facts: dict[str, Any]) -> bytes:
    """The document of a template (`statement`, `order`, ...) with these facts.

    Fonts come with Typst, so that a machine without any prints the same. A person's text stays data:
    no character of it is markup (docs/adr/0014).
    """
    import typst  # noqa: PLC0415 (80 MB that only papers need)

    made: bytes = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        format="pdf",
        sys_inputs={"data": json.dumps(facts, ensure_ascii=False)},
    )
    return made
