"""The templates as text, and as the markup that is left without their tags."""

import re
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"

# Letters go to mail programs, which know neither our style sheets nor our policy.
PAGES = sorted(path for path in ROOT.rglob("*.html") if "emails" not in path.parts)
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]


def source(name: str) -> str:
    """The template without its comments."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"{% comment .*?%}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", text)


def markup(name: str) -> str:
    """The HTML of a template: no tags, and expressions reduced to letters that fit anywhere."""
    text = re.sub(r"{%.*?%}", "", source(name), flags=re.DOTALL)
    return re.sub(
        r"{{(.*?)}}", lambda found: re.sub(r"[^\w.]", "", found[1]), text, flags=re.DOTALL
    )


class Fields(HTMLParser):
    """Collects fields that neither a label nor an aria-label names."""

    def __init__(self) -> None:
        super().__init__()
        self.labelled_ids: set[str] = set()
        self.inside_label = 0
        self.waiting: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "label":
            self.inside_label += 1
            self.labelled_ids.add(given.get("for") or "")
        if tag in {"input", "select", "textarea"} and not self._named(given):
            self.waiting.append((given.get("id") or "", self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label -= 1

    def _named(self, given: dict[str, str | None]) -> bool:
        silent = given.get("type") in {"hidden", "submit", "button"}
        return bool(silent or self.inside_label or {"aria-label", "aria-labelledby"} & given.keys())

    def unnamed(self) -> list[str]:
        return [text for field_id, text in self.waiting if field_id not in self.labelled_ids]
