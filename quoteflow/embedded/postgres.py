"""One PostgreSQL of our own: made, started, found again and stopped, on a unix socket only."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from quoteflow.embedded import accounts, processes
from quoteflow.embedded.accounts import Account
from quoteflow.embedded.binaries import postgres_programs
from quoteflow.embedded.errors import EmbeddedError, disk_full, from_log, not_permitted

NAME = "quoteflow"  # of the database and of the role that owns it
FIRST_NAME = "postgres"  # the database initdb makes, from which ours is created
PORT = 5432  # only part of the socket's name
READY_SECONDS = 120.0  # recovery after a crash takes its time
ANSWER_SECONDS = 20.0
ROOM = 200 * 1024 * 1024  # bytes a new cluster and its first log need
_SSL_REQUEST = b"\0\0\0\x08\x04\xd2\x16\x2f"  # any PostgreSQL answers it with one letter
_PID_LINE, _STATUS_LINE = 0, 7  # of postmaster.pid
_SAFE = ("-c", "fsync=on")
_FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class PostgreSQL:
    """The server of the directory `home`; the caller holds the lock that makes it one at a time."""

    def __init__(self, home: Path, sockets: Path, *, fast: bool) -> None:
        self.home = home
        self.sockets = sockets
        self.data = home / "postgres"
        self.log = home / "logs" / "postgresql.log"
        self.fast = fast
        self._child: subprocess.Popen[bytes] | None = None

    def ensure(self) -> None:
        """Adopt the running server or start one. Raises EmbeddedError."""
        if self._adopt():
            return
        self._insist_on_room()
        account = self._account()
        if not (self.data / "PG_VERSION").exists():
            self._create(account)
        self._clear_remains()
        self._start(account)

    def answers(self, seconds: float = 1.0) -> bool:
        """Whether the server speaks PostgreSQL's protocol on its socket."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(seconds)
                line.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
                line.sendall(_SSL_REQUEST)
                return line.recv(1) in {b"N", b"S"}
        except OSError:
            return False

    def stop(self) -> None:
        """Shut down: open sessions are ended, everything committed is on disk."""
        running = self._running()
        if running is not None:
            steps = [(signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)]
            processes.stop([running], steps=steps)
        self.let_go()

    def let_go(self) -> None:
        """Leave the server to those who still use it."""
        if self._child is not None:
            self._child.returncode = 0  # it is not ours to wait for any more
            self._child = None

    def _running(self) -> int | None:
        """The number of our server's process, however it was started."""
        pid = self._pid_file(_PID_LINE)
        process = processes.find(int(pid)) if pid.isdigit() else None
        if process and "postgres" in process.command and str(self.data) in process.command:
            return process.pid
        return None

    def _pid_file(self, line: int) -> str:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[line].strip()
        except (FileNotFoundError, IndexError):
            return ""

    def _adopt(self) -> bool:
        """Whether a server of this directory runs and answers; one that hangs is ended."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while (running := self._running()) is not None:
            if self.answers() and self._pid_file(_STATUS_LINE) == "ready":
                return True
            starting = self._pid_file(_STATUS_LINE) in {"", "starting"}
            if time.monotonic() > deadline + (READY_SECONDS if starting else 0):
                processes.stop([running], steps=[(signal.SIGQUIT, 5.0), (signal.SIGKILL, 10.0)])
            time.sleep(0.02)
        return False

    def _insist_on_room(self) -> None:
        needed = ROOM if not self.data.exists() else ROOM // 10
        if shutil.disk_usage(self.home).free < needed:
            raise disk_full(self.home)

    def _account(self) -> Account:
        """As whom to run, decided by the data that exists or by an empty directory to be."""
        place = self.data if self.data.exists() else self._fresh()
        try:
            stored = (place / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            stored = ""
            if place == self.data and any(place.iterdir()):
                raise EmbeddedError(
                    f"{place} holds something that is not a database. Move it away,"
                    " or choose another directory with DATA=<directory>."
                ) from None
        except PermissionError:
            raise not_permitted(place) from None
        account = accounts.choose(place, postgres_programs(int(stored) if stored else None))
        (self.home / "postgres.mode").write_text(f"{account.mode}\n")
        if os.geteuid() == 0:
            os.chown(self.sockets, account.uid, account.gid)
        return account

    def _fresh(self) -> Path:
        """An empty directory to create the cluster in; it gets its name when it is complete."""
        fresh = self.home / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        return fresh

    def _create(self, account: Account) -> None:
        place = self._fresh()
        if os.geteuid() == 0:
            os.chown(place, account.uid, account.gid)
        options = ["-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        options += ["--no-instructions", *(["--no-sync"] if self.fast else [])]
        self._run(account.command("initdb", "-D", str(place), *options, inside=place))
        single = account.command("postgres", "--single", "-D", str(place), FIRST_NAME, inside=place)
        self._run(single, said=f"CREATE DATABASE {NAME};\n")
        with contextlib.suppress(FileNotFoundError):
            self.data.rmdir()
        place.rename(self.data)

    def _run(self, command: list[str], said: str = "") -> None:
        done = subprocess.run(
            command,
            input=said,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            self._give_up("The database could not be created", done.stdout)

    def _give_up(self, what: str, words: str) -> None:
        last = "\n".join(words.strip().splitlines()[-5:])
        raise from_log(words, self.home) or EmbeddedError(f"{what}; PostgreSQL says:\n{last}")

    def _clear_remains(self) -> None:
        """Make room after a crash.

        Sessions that outlived their server must be gone before another one opens the same files.
        A stale postmaster.pid whose number now belongs to a stranger would keep PostgreSQL from
        starting; where the number is free PostgreSQL clears it itself.
        """
        orphans = processes.working_in(self.data)
        if not processes.wait_gone(orphans, seconds=5):
            processes.stop(orphans, steps=[(signal.SIGQUIT, 5.0), (signal.SIGKILL, 10.0)])
        pid = self._pid_file(_PID_LINE)
        if pid.isdigit() and processes.exists(int(pid)):
            (self.data / "postmaster.pid").unlink()
        for remains in self.sockets.glob(f".s.PGSQL.{PORT}*"):
            remains.unlink()

    def _start(self, account: Account) -> None:
        options = ["-D", str(self.data), "-k", str(self.sockets), "-p", str(PORT)]
        settings = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        library = account.programs.parent / "lib"
        if any(library.glob("pg_stat_statements.*")):
            settings["shared_preload_libraries"] = "pg_stat_statements"
        for name, value in settings.items():
            options += ["-c", f"{name}={value}"]
        options += _FAST if self.fast else _SAFE
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                account.command("postgres", *options, inside=self.data),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.let_go()
        self._child = child
        self._await_ready(child, before)

    def _await_ready(self, child: subprocess.Popen[bytes], before: int) -> None:
        """Wait until postmaster.pid names our child as ready; a stale file says ready too."""
        deadline = time.monotonic() + READY_SECONDS
        while child.poll() is None and time.monotonic() < deadline:
            mine = self._pid_file(_PID_LINE) == str(child.pid)
            if mine and self._pid_file(_STATUS_LINE) == "ready":
                return
            time.sleep(0.01)
        if child.poll() is None:
            child.send_signal(signal.SIGQUIT)
            child.wait(10)
        with self.log.open("rb") as log:
            log.seek(before)
            self._give_up("The database did not start", log.read().decode(errors="replace"))
