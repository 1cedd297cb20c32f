"""The databases and the two web servers that a measurement needs, all of one data directory."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sheets
from visiting import Unexpected, Visitor

from quoteflow.embedded import Servers

BASE = Path(__file__).resolve().parent.parent
FLOOR = BASE / "bench" / "floor"
POOL = "6"  # connections a worker, as `bootstrap.py run` has it
READY_SECONDS = 60.0
FLOOR_ROWS = 10_000


@dataclass(frozen=True)
class Ground:
    """The embedded servers, and where the processor time of PostgreSQL is counted."""

    servers: Servers

    @property
    def postgres(self) -> int:
        """The number of the server's first process."""
        path = self.servers.data / "postgres" / "postmaster.pid"
        return int(path.read_text().split()[0])

    def url(self, database: str) -> str:
        """The address of one database."""
        return self.servers.database_url.rpartition("/")[0] + f"/{database}"

    def create(self, database: str) -> None:
        """Make the database anew, empty."""
        self.drop(database)
        self._say(f"CREATE DATABASE {database}")

    def drop(self, database: str) -> None:
        """Remove the database, whoever is connected to it."""
        self._say(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def exists(self, database: str) -> bool:
        """Whether there is such a database."""
        with psycopg.connect(self.url("postgres")) as connection:
            asked = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            return asked.fetchone() is not None

    def variables(self, database: str) -> dict[str, str]:
        """The environment of the product's programs on one database."""
        own = {
            "DATA": str(self.servers.data),
            "DATABASE_URL": self.url(database),
            "REDIS_URL": self.servers.redis_url,
            "ENVIRONMENT": "development",
            "SITE_URL": "http://127.0.0.1",
            "DEMO_SIGN_INS": "false",
            "CHANGES_RATE": "1000000/h",  # one buyer writes a thousand requests in a minute
            "DJANGO_SETTINGS_MODULE": "quoteflow.settings",
            "PYTHONPATH": str(BASE),
        }
        return dict(os.environ) | own

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def fill(
    ground: Ground,
    database: str,
    rfqs: int,
    password: str,
    *,
    again: bool = True,
    quick: bool = False,
) -> str:
    """Make a database with this many invented requests; return what the loader said.

    Without `again` one that is there gets one request more, and everybody the password. When it is to
    be `quick`, there is one large request of each size.
    """
    if again or not ground.exists(database):
        ground.create(database)
    else:
        rfqs = 1
    variables = ground.variables(database)
    _manage(variables, "prepare_site")
    said = _manage(variables, "load_bulk", f"--rfqs={rfqs}", f"--password={password}")
    sheets.bring_in(lambda *words: _manage(variables, *words), "BK01", quick=quick)
    return said.strip().splitlines()[-1]


def more_waiting(ground: Ground, database: str, rfqs: int, password: str) -> None:
    """Add this many requests that all wait for an approval; everybody keeps the password."""
    facts = (f"--rfqs={rfqs}", "--waiting", f"--password={password}")
    _manage(ground.variables(database), "load_bulk", *facts)


def fill_floor(ground: Ground) -> None:
    """Make the floor's database anew."""
    ground.create("bench_floor")
    program = [sys.executable, str(FLOOR / "floor.py"), str(FLOOR_ROWS)]
    subprocess.run(program, env=_floor_variables(ground), check=True)


@contextmanager
def floor(ground: Ground) -> Iterator[tuple[Visitor, int]]:
    """The floor page on a free port: a visitor of it, and the number of its first process."""
    with _served(_floor_variables(ground), FLOOR, "floor:application", "/rows") as served:
        yield served


@contextmanager
def product(ground: Ground, database: str) -> Iterator[tuple[Visitor, int]]:
    """The product on a free port, served as it is shipped; likewise."""
    variables = ground.variables(database) | {"DB_POOL_SIZE": POOL}
    with _served(variables, BASE, "quoteflow.wsgi:application", "/health") as served:
        yield served


def _floor_variables(ground: Ground) -> dict[str, str]:
    own = {
        "PGHOST": str(ground.servers.sockets),
        "PGDATABASE": "bench_floor",
        "DB_POOL_SIZE": POOL,
        "PYTHONPATH": os.pathsep.join([str(FLOOR), str(BASE)]),  # the shipped log lines are ours
    }
    return dict(os.environ) | own


def _manage(variables: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(BASE / "manage.py"), *arguments],
        cwd=BASE,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unexpected(f"manage.py {arguments[0]} failed:\n{done.stdout}")
    return done.stdout


@contextmanager
def _served(
    variables: dict[str, str], place: Path, application: str, page: str
) -> Iterator[tuple[Visitor, int]]:
    """gunicorn with the shipped settings until the block ends."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(BASE / "quoteflow" / "gunicorn.py"),
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", application]
    log = Path(variables.get("DATA") or BASE / ".data" / "bench") / "logs" / "bench-web.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as lines:
        child = subprocess.Popen(
            command, env=variables, cwd=place, stdout=lines, stderr=lines, start_new_session=True
        )
    try:
        visitor = Visitor("127.0.0.1", port)
        _await(visitor, page, child, log)
        yield visitor, child.pid
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(40)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _await(visitor: Visitor, page: str, child: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            visitor.get(page)
        except OSError:
            visitor.close()
            time.sleep(0.05)
        else:
            return
    words = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
    raise Unexpected(f"the server for {page} did not start:\n{words}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wrk() -> str | None:
    """The load generator, where the machine has it."""
    return shutil.which("wrk")
