import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent


def manage(data, *words, **variables):
    return subprocess.run(
        [sys.executable, BASE / "manage.py", *words],
        cwd=data,
        env=os.environ
        | {"DATA": str(data), "DJANGO_SETTINGS_MODULE": "quoteflow.settings", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", [["version"], ["migrate", "--help"], []])
def test_a_question_starts_no_server(tmp_path, words):
    assert manage(tmp_path, *words).returncode == 0
    assert not (tmp_path / "postgres").exists()


def test_a_directory_that_cannot_be_used_is_said_in_one_sentence(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "letter.txt").write_text("dear")
    refused = manage(tmp_path, "showmigrations")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "holds something that is not a database" in refused.stderr


def test_without_a_command_the_launcher_shows_what_it_can(tmp_path):
    shown = subprocess.run(
        [sys.executable, BASE / "bootstrap.py"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0
    for name in ("run", "test", "check", "bench", "soak", "install", "lock", "clean"):
        assert f"\n  {name} " in shown.stdout
