import os
import re
from pathlib import Path

import pytest

from quoteflow.house import environment

BASE = Path(__file__).resolve().parent.parent.parent
# Read before Django is there: by the launcher, by gunicorn's file and by the browser tests.
OUTSIDE_SETTINGS = {"PORT", "HOST", "WEB_CONCURRENCY", "CHROMIUM"}


def test_env_example_names_every_variable_and_no_other():
    settings = (BASE / "quoteflow" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.(?!read_env|db_url_config)\w+\(\s*"([A-Z_]+)"', settings))
    example = (BASE / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == read | OUTSIDE_SETTINGS


def test_a_file_of_variables_fills_what_the_environment_leaves_open(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"TAKEN": "mine"})
    (tmp_path / ".env").write_text('# note\nTAKEN=theirs\nexport OPEN="a b=c"\n#OFF=1\n\n')

    environment.load(tmp_path)

    assert os.environ == {"TAKEN": "mine", "OPEN": "a b=c"}


@pytest.mark.parametrize(
    ("given", "place"), [({}, ".data"), ({"DATA": ""}, ".data"), ({"DATA": "/x/y"}, "/x/y")]
)
def test_the_data_directory_is_in_the_checkout_unless_named(tmp_path, monkeypatch, given, place):
    monkeypatch.setattr(os, "environ", given)
    assert environment.data_directory(tmp_path) == tmp_path / place
