import os
import signal
import subprocess
import sys

import pytest

from quoteflow.embedded import processes


@pytest.fixture
def sleeper():
    child = subprocess.Popen([sys.executable, "-c", "input('up')"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, start_new_session=True)  # fmt: skip
    child.stdout.read(2)
    yield child
    child.kill()
    child.communicate()


def test_a_process_is_known_by_number_start_and_command(sleeper):
    found = processes.find(sleeper.pid)
    assert (found.pid, found.session) == (sleeper.pid, sleeper.pid)
    assert "input('up')" in found.command
    assert found == processes.find(sleeper.pid)
    assert found.started != processes.find(os.getpid()).started


def test_its_session_is_found_until_it_ends(sleeper):
    assert [one.pid for one in processes.in_session(sleeper.pid)] == [sleeper.pid]
    assert processes.stop([sleeper.pid], steps=[(signal.SIGTERM, 5.0)])
    assert processes.in_session(sleeper.pid) == []
    sleeper.returncode = 0  # collected by the stop


def test_nobody_has_a_number_that_is_free():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert (processes.find(gone.pid), processes.exists(gone.pid)) == (None, False)
