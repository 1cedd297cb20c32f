# ruff: noqa: INP001  (a script beside its data, not part of a package)
"""Write static/icons.svg, one sprite with the icons of names.txt, from an unpacked lucide-static.

Run as `python static/icons/build_sprite.py PATH/TO/lucide-static/icons`.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
)


def build(source: Path) -> str:
    """Return the sprite; raises FileNotFoundError when `source` lacks a listed icon."""
    names = (HERE / "names.txt").read_text(encoding="utf-8").split()
    symbols = [SYMBOL.format(name=name, body=_body(source / f"{name}.svg")) for name in names]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _body(icon: Path) -> str:
    """The drawing inside one icon's <svg>, on one line."""
    match = re.search(r"<svg[^>]*>(.*)</svg>", icon.read_text(encoding="utf-8"), re.DOTALL)
    if match is None:
        raise ValueError(f"{icon.name} is not an SVG icon")
    return re.sub(r"\s+", " ", match.group(1)).strip().replace("> <", "><")


if __name__ == "__main__":
    (HERE.parent / "icons.svg").write_text(build(Path(sys.argv[1])), encoding="utf-8")
