"""What every template must keep to: nothing inline, icons that exist, fields with a name."""

import hashlib
import re

import pytest

from tests.templates.reading import NAMES, ROOT, STATIC, Fields, markup, source

FORBIDDEN = {
    "inline style": r"\sstyle\s*=|<style\b",
    "inline script": r"<script\b(?![^>]*\bsrc=)",
    "handler in an attribute": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "javascript in a value": r"[\"']\s*(?:js|javascript):",
    "trigger filter": r"hx-trigger=\"[^\"]*\[",
    "foreign address": r"(?:src|href)=\"(?:https?:)?//",
}
ICON_TAG = re.compile(r"{% icon (?:icon\|default:)?\"([\w-]+)\"")
ICON_ARGUMENT = re.compile(r"\bicon=\"([\w-]+)\"")
INCLUDED = re.compile(r"{% (?:include|extends) \"([^\"]+)\"")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rule", FORBIDDEN)
def test_templates_bring_nothing_inline(name, rule):
    assert re.findall(FORBIDDEN[rule], markup(name)) == []


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("inline style", '<p style="color: red">'),
        ("inline script", "<script>go()</script>"),
        ("handler in an attribute", '<a href="#" onclick="go()">'),
        ("hx-on", '<a hx-on:click="go()">'),
        ("javascript in a value", '<a hx-vals="js:{a: 1}">'),
        ("trigger filter", '<a hx-trigger="click[ctrlKey]">'),
        ("foreign address", '<script src="https://example.org/x.js"></script>'),
    ],
)
def test_each_rule_finds_what_it_forbids(rule, bad):
    assert re.search(FORBIDDEN[rule], bad)


@pytest.mark.parametrize("name", NAMES)
def test_icons_in_templates_are_in_the_sprite(name):
    text = source(name)
    used = {*ICON_TAG.findall(text), *ICON_ARGUMENT.findall(text)}

    assert used - sprite() == set()


@pytest.mark.parametrize("name", NAMES)
def test_fields_in_templates_have_a_name(name):
    fields = Fields()
    fields.feed(markup(name))

    assert fields.unnamed() == []


@pytest.mark.parametrize("name", NAMES)
def test_included_templates_exist(name):
    ours = [other for other in INCLUDED.findall(source(name)) if not other.startswith("admin/")]

    assert [other for other in ours if not (ROOT / other).is_file()] == []


def test_the_sprite_holds_the_listed_icons():
    listed = (STATIC / "icons" / "names.txt").read_text(encoding="utf-8").split()

    assert sprite() == set(listed)


def test_vendored_files_are_the_published_ones():
    table = (STATIC / "vendor" / "VENDOR.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{96})` \|$", table, flags=re.MULTILINE)

    assert len(rows) == 2
    for path, digest in rows:
        content = (STATIC / "vendor" / path).read_bytes()
        assert hashlib.sha384(content).hexdigest() == digest


def test_the_scripts_find_their_sentences():
    texts = source("components/_texts.html")
    known = {_camel(name) for name in re.findall(r"data-([a-z-]+)=", texts)}
    scripts = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "js").glob("*.js"))
    asked = set(re.findall(r"qf\.text\(\"(\w+)\"", scripts))

    assert asked - known == set()


def sprite() -> set[str]:
    return set(re.findall(r"<symbol id=\"([\w-]+)\"", (STATIC / "icons.svg").read_text("utf-8")))


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)
