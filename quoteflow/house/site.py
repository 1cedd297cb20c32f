"""A running site: servers, web and worker of one data directory, from start to clean stop."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from quoteflow.embedded import Servers, processes
from quoteflow.embedded.errors import in_words
from quoteflow.house import environment
from quoteflow.house.children import Child, end_session
from quoteflow.house.errors import Refusal

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

READY_SECONDS = 60.0
STOP_SECONDS = 35.0  # a little more than gunicorn gives its requests
LOOK_SECONDS = 0.5
SERVERS_EVERY = 6  # looks
OURS = ("gunicorn", "procrastinate")  # what an orphan's command line must hold


class Stop(BaseException):
    """Somebody asked the site to stop."""


def run(base: Path) -> int:
    """Bring everything up, keep it up, and take it down on Ctrl-C or SIGTERM; the exit code.

    Raises Refusal where the port is taken or the site already runs, and EmbeddedError.
    """
    data = environment.data_directory(base)
    with claim(data), _stopping():
        end_orphans(data)
        insist_on_port()
        variables = _variables(base, data)
        servers = environment.servers(base)
        children: list[Child] = []
        try:
            if servers.names:
                _say(f"starting {' and '.join(servers.names)} in {data}")
            servers.ensure()
            _say("bringing tables, static files and demonstration data up to date")
            sign_ins = _prepare(base, variables)
            children += _children(base, data, variables)
            for child in children:
                child.start()
            _remember(data, children)
            _await_web(children[0])
            print(f"\nQuoteFlow is ready: {variables['SITE_URL']}   (Ctrl-C stops it)")
            print(f"{sign_ins}\nLogs: {data / 'logs'}\n", flush=True)
            _keep_up(data, servers, children)
        except Stop:
            _say("stopping")
        finally:
            _take_down(children)
            servers.release()
            (data / "site.json").unlink(missing_ok=True)
    _say("stopped")
    return 0


@contextmanager
def claim(data: Path) -> Iterator[None]:
    """Be the only site of a data directory. Raises Refusal when another one runs."""
    with in_words(data):
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        (data / "logs").mkdir(exist_ok=True)
        lock = os.open(data / "site.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        address = _recorded(data).get("address", "another port")
        raise Refusal(
            f"The site of {data} already runs at {address}. Stop it first, or start a second one"
            " beside it with PORT=8010 DATA=<directory>."
        ) from None
    finally:
        os.close(lock)


def end_orphans(data: Path) -> None:
    """Stop the web and worker processes of a site that was killed, told by its record."""
    for session in _recorded(data).get("sessions", {}).values():
        left = processes.in_session(int(session))
        if any(word in process.command for process in left for word in OURS):
            _say("stopping what a killed run left behind")
            end_session(int(session), patience=10)


def insist_on_port() -> None:
    """Raise Refusal unless PORT on HOST can be listened on."""
    host, port = _host(), _port()
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except PermissionError:
        raise Refusal(f"Port {port} needs root; take one above 1023: PORT=8010.") from None
    except OSError as problem:
        raise Refusal(
            f"Port {port} on {host} cannot be used ({problem.strerror or problem}):"
            " another program may have it. Take another one with PORT=8010."
        ) from None


def _host() -> str:
    return os.environ.get("HOST") or "127.0.0.1"


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:  # noqa: PLR2004 - the range of ports
        raise Refusal(f"PORT={given} is not a port number; take one from 1024 to 65535.")
    return int(given)


def _variables(base: Path, data: Path) -> dict[str, str]:
    """The environment of the site's programs; what the caller set himself stays."""
    variables = dict(os.environ)
    local = _host() in {"127.0.0.1", "0.0.0.0", "::", "localhost"}  # noqa: S104 - compared only
    address = f"http://{'localhost' if local else _host()}:{_port()}"
    defaults = {"ENVIRONMENT": "development", "SITE_URL": address}
    for name, value in defaults.items():
        variables[name] = variables.get(name) or value
    if variables["ENVIRONMENT"] == "development":
        variables.setdefault("DEMO_SIGN_INS", "true")
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    fixed = {"DATA": str(data), "PYTHONPATH": str(base), "PYTHONUNBUFFERED": "1"}
    return variables | fixed | {"DJANGO_SETTINGS_MODULE": "quoteflow.settings"}


def _prepare(base: Path, variables: dict[str, str]) -> str:
    """Migrate, collect and fill; return what is to be shown when the site is ready."""
    command = [sys.executable, str(base / "manage.py"), "prepare_site"]
    if variables["ENVIRONMENT"] == "development":
        command.append("--demo")
    done = subprocess.run(
        command, cwd=base, env=variables, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise Refusal(
            "The database or the static files could not be prepared; the reason is above."
        )
    return done.stdout.strip()


def _children(base: Path, data: Path, variables: dict[str, str]) -> list[Child]:
    """The web server first, then the worker."""
    host = f"[{_host()}]" if ":" in _host() else _host()
    serving = ["-m", "gunicorn", "--config", str(base / "quoteflow" / "gunicorn.py")]
    serving += ["--bind", f"{host}:{_port()}", "quoteflow.wsgi:application"]
    working = [str(base / "manage.py"), "procrastinate", "worker"]
    pooled = variables | {"DB_POOL_SIZE": variables.get("DB_POOL_SIZE") or "6"}
    unpooled = variables | {"DB_POOL_SIZE": "0"}
    logs = data / "logs"
    return [
        Child("web", [sys.executable, *serving], pooled, base, logs / "web.log"),
        Child("worker", [sys.executable, *working], unpooled, base, logs / "worker.log"),
    ]


def _await_web(web: Child) -> None:
    """Wait until the site answers. Raises Refusal when its program ends instead."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(_host(), _host())  # noqa: S104
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if web.gone():
            raise Refusal(f"The web server did not start; its last words:\n{web.last_words()}")
        line = http.client.HTTPConnection(host, _port(), timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            line.request("GET", "/health")
            line.getresponse().read()
            return
        line.close()
        time.sleep(0.05)
    raise Refusal(f"The web server does not answer; its last words:\n{web.last_words()}")


def _keep_up(data: Path, servers: Servers, children: list[Child]) -> None:
    """Restart whatever dies, until Stop is raised."""
    look = 0
    while True:
        time.sleep(LOOK_SECONDS)
        restarted = [child.name for child in children if child.keep_alive()]
        if restarted:
            _remember(data, children)
        look += 1
        if look % SERVERS_EVERY == 0 and not servers.healthy():
            _say("the database or the cache does not answer; looking after it")
            servers.ensure()


def _take_down(children: list[Child]) -> None:
    """Stop web and worker gracefully; a second Ctrl-C, or too long a wait, ends them by force."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    try:
        while not all(child.gone() for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)
    except Stop:
        _say("ending everything at once")
    for child in children:
        child.end_remains()


@contextmanager
def _stopping() -> Iterator[None]:
    """Turn the first signal, and later a second Ctrl-C, into Stop."""
    asked: list[float] = []

    def ask(number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        asked.append(now)
        # One Ctrl-C may arrive twice, from the terminal and from make.
        again = number == signal.SIGINT and now - asked[0] > 1 and len(asked) > 1
        if len(asked) == 1 or again:
            raise Stop

    before = {number: signal.signal(number, ask) for number in _signals()}
    try:
        yield
    except Stop:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signals() -> list[signal.Signals]:
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _remember(data: Path, children: list[Child]) -> None:
    """Record what runs, for the next start if this one is killed."""
    record = {
        "address": f"http://{_host()}:{_port()}",
        "sessions": {child.name: child.session for child in children},
    }
    draft = data / "site.json.new"
    draft.write_text(json.dumps(record))
    draft.rename(data / "site.json")


def _recorded(data: Path) -> dict[str, dict[str, int]]:
    try:
        record: dict[str, dict[str, int]] = json.loads((data / "site.json").read_text())
    except (OSError, ValueError):
        return {}
    return record


def _say(words: str) -> None:
    print(f"QuoteFlow: {words}", flush=True)
