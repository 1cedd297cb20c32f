"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.architecture.reading import PRODUCT, ROOT, calls, imports, sources, tree

WEB = ("django.http", "django.shortcuts", "django.views", "django.contrib.messages")
DOMAIN = (
    "actions",
    "policy",
    "states",
    "comparison",
    "importing",
    "routing",
    "numbering",
    "models",
)
SIGNALS = ("django.db.models.signals", "django.dispatch", "django.core.signals")
SHAPELESS = ("utils", "helpers", "common", "misc", "manager", "managers", "services")
WRITES = {
    "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "select_for_update", "lock", "aupdate", "acreate",
}  # fmt: skip
LOCKS = ("requirements.lock", "requirements-dev.lock")
ALL = sources(*PRODUCT)
VIEWS = [path for path in ALL if path.stem == "views" or path.parent.name == "views"]
VERBS = [path for path in sources("rfqs/actions") if path.stem != "moving"]
REGIONS = sorted(
    path.relative_to(ROOT)
    for app in ("accounts", "suppliers", "rfqs")
    for path in (ROOT / "templates" / app).rglob("_*.html")
)
FIRST_TAG = re.compile(r"<(?!!)[a-z][^>]*>", re.DOTALL)
TEMPLATE_CODE = re.compile(r"\{#.*?#\}|\{% comment .*?endcomment %\}", re.DOTALL)
ID = re.compile(r"\sid=\"([^\"]*)\"")


def test_imports_point_downward():
    """In a process of its own: import-linter sets up logging anew and silences every logger there is."""
    lint = "from importlinter import cli; raise SystemExit(cli.lint_imports(no_cache=True))"

    done = subprocess.run(
        [sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [p for p in ALL if set(DOMAIN) & {p.stem, *p.parts}], ids=str)
def test_the_domain_knows_no_web(path):
    known = {name for name in imports(path) if name.startswith(WEB)}

    assert known == set()


@pytest.mark.parametrize("path", [*ALL, *sources("tests"), *sources("bench")], ids=str)
def test_files_are_short(path):
    if "migrations" in path.parts:
        pytest.skip("a migration is as long as its tables")

    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize("path", ALL, ids=str)
def test_modules_say_what_they_are(path):
    if path.name != "__init__.py" and "migrations" not in path.parts:
        assert tree(path).body[0].value.value, "a module begins with what it is for"
    assert set(SHAPELESS) & {path.stem, *path.parts} == set()


@pytest.mark.parametrize("path", ALL, ids=str)
def test_nothing_listens_for_signals(path):
    assert {name for name in imports(path) if name.startswith(SIGNALS)} == set()


@pytest.mark.parametrize("path", VIEWS, ids=str)
def test_views_write_nothing(path):
    written = [
        ".".join(chain)
        for chain in calls(path)
        if ("objects" in chain and set(chain) & WRITES) or chain[-1:] == ["save"]
    ]
    mailing = {name for name in imports(path) if name.startswith("django.core.mail")}

    assert (written, mailing) == ([], set())


@pytest.mark.parametrize("path", VERBS, ids=str)
def test_a_status_is_written_in_one_place(path):
    """`moving` writes them all."""
    targets = [
        node
        for statement in ast.walk(tree(path))
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        for node in ast.walk(target)
    ]
    assigned = [n.lineno for n in targets if isinstance(n, ast.Attribute) and n.attr == "status"]
    updated = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "update"
        and "status" in {keyword.arg for keyword in node.keywords}
    ]

    assert (assigned, updated) == ([], [])


@pytest.mark.parametrize("path", VIEWS, ids=str)
def test_views_are_short(path):
    functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]
    views = [node for node in functions if not node.name.startswith("_")]
    lines = {node.name: node.end_lineno - _first(node).lineno + 1 for node in views}

    assert {name: count for name, count in lines.items() if count > 25} == {}


@pytest.mark.parametrize("path", REGIONS, ids=str)
def test_a_region_is_named_after_its_id(path):
    """Its own file's name, or that of the region whose place it takes in another state."""
    text = TEMPLATE_CODE.sub("", (ROOT / path).read_text(encoding="utf-8"))
    tag = FIRST_TAG.search(text)
    found = ID.search(tag[0]) if tag else None
    names = {
        region.stem[1:].replace("_", "-") for region in REGIONS if region.parent == path.parent
    }

    assert found is None or "{" in found[1] or found[1] in names


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models():
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_name_no_place(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert (
        re.findall(r"https?://\S+|file:\S+|--(?:extra-)?index-url.*|(?<![\w.])/\w+/\S+", text) == []
    )


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_pin_and_hash_everything(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.findall(r"^([a-z0-9].*?)(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)

    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_each_decision_has_a_number_of_its_own():
    papers = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [int(paper.name[:4]) for paper in papers]
    headings = [int(_text(paper).split(".", 1)[0].lstrip("# ")) for paper in papers]

    assert headings == numbers == list(range(1, len(papers) + 1))


def test_no_file_of_the_product_names_the_machine():
    machine = re.compile(r"(?<![\w.-])/(?:work|root|tmp/prompts)/")
    named = [
        str(path)
        for path in (*ALL, *sources("tests"))
        if machine.search(_text(path)) and path.name != Path(__file__).name
    ]

    assert named == []


def _first(node: ast.FunctionDef) -> ast.stmt:
    """The first statement after the docstring."""
    return node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]


def _text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
