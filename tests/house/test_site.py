import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from quoteflow.embedded import processes
from quoteflow.house import site
from quoteflow.house.errors import Refusal

BASE = Path(__file__).resolve().parent.parent.parent
START = "import sys; from quoteflow.house import site; sys.exit(site.run(site.Path(sys.argv[1])))"


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Refusal, match="is not a port number"):
        site.insist_on_port()


def test_a_taken_port_is_refused_with_the_way_out(monkeypatch, taken):
    monkeypatch.setenv("PORT", str(taken))
    with pytest.raises(Refusal, match=rf"Port {taken} on 127.0.0.1 cannot be used .* PORT=8010"):
        site.insist_on_port()


def test_one_data_directory_has_one_site(tmp_path):
    with (
        site.claim(tmp_path),
        pytest.raises(Refusal, match="already runs at another port"),
        site.claim(tmp_path),
    ):
        pass


def start(data, port):
    """Start the site as `make run` does, without demonstration data; return it once it answers."""
    variables = os.environ | {
        "DATA": str(data),
        "PORT": str(port),
        "ENVIRONMENT": "trial",
        "WEB_CONCURRENCY": "1",
        "STATIC_ROOT": str(settings.STATIC_ROOT),  # compressed once, not for every run
        "PYTHONPATH": str(BASE),
        "PYTHONWARNINGS": "default",
        "DJANGO_SETTINGS_MODULE": "quoteflow.settings",
    }
    with (data / "out.txt").open("w") as out:
        started = subprocess.Popen(
            [sys.executable, "-c", START, str(BASE)],
            cwd=data,
            env=variables,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + 90
    while "is ready" not in (data / "out.txt").read_text():
        assert started.poll() is None, (data / "out.txt").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return started


def answer(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as page:
        return page.status, page.read()


def left_of(data):
    return [
        process.command
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (process := processes.find(int(entry.name)))
        if str(data) in process.command and process.pid != os.getpid()
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_site_starts_again_after_a_kill_and_stops_without_a_trace(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    first = start(tmp_path, port)
    assert answer(port) == (200, b"ok")
    first.kill()
    first.wait()

    second = start(tmp_path, port)
    assert answer(port) == (200, b"ok")
    second.send_signal(signal.SIGTERM)

    assert second.wait(timeout=60) == 0
    assert (tmp_path / "out.txt").read_text().endswith("QuoteFlow: stopped\n")
    assert left_of(tmp_path) == []
