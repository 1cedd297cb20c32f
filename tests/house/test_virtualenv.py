import json

import pytest

from quoteflow.house import virtualenv


@pytest.fixture
def installed(tmp_path):
    """A checkout whose environment was made from its development lock."""
    for lock in (virtualenv.RUNTIME, virtualenv.DEVELOPMENT):
        (tmp_path / lock).write_text("django==5.2\n")
    python = virtualenv.python_of(tmp_path)
    python.parent.mkdir(parents=True)
    python.touch()
    prints = {
        lock: virtualenv._print_of(tmp_path, lock)
        for lock in (virtualenv.RUNTIME, virtualenv.DEVELOPMENT)
    }
    (tmp_path / ".venv" / virtualenv.STAMP).write_text(json.dumps(prints))
    return tmp_path


def test_a_current_environment_is_used_as_it_is(installed):
    assert virtualenv.ensure(installed, virtualenv.RUNTIME) == installed / ".venv/bin/python"
    assert virtualenv.ready(installed, virtualenv.DEVELOPMENT)


def test_a_changed_lock_asks_for_an_installation(installed):
    (installed / virtualenv.RUNTIME).write_text("django==5.3\n")
    assert not virtualenv.ready(installed, virtualenv.RUNTIME)


def test_an_environment_without_its_interpreter_is_not_ready(installed):
    virtualenv.python_of(installed).unlink()
    assert not virtualenv.ready(installed, virtualenv.RUNTIME)
