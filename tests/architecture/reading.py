"""The product's own source, as the rules of the house read it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("quoteflow", "accounts", "suppliers", "rfqs")


def sources(*folders: str) -> list[Path]:
    """Every Python file below the folders, relative to the checkout."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Every module and name the file imports, dotted."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def calls(path: Path) -> list[list[str]]:
    """Every call as the names of its chain: RFQ.objects.filter(...).update() ends in update."""
    found = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return [_chain(node.func) for node in found]


def _chain(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [*_chain(node.value), node.attr]
    if isinstance(node, ast.Call):
        return _chain(node.func)
    return [node.id] if isinstance(node, ast.Name) else []
