"""The servers of one data directory, shared by every process that names the same directory.

Each user holds a shared lock on `users.lock` for as long as it needs the servers; the kernel lets
go of it when a process dies, however it dies. The last user that leaves stops the servers. Starting
and stopping happen one at a time, under `start.lock`.
"""

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from quoteflow.embedded import accounts
from quoteflow.embedded.errors import EmbeddedError, in_words
from quoteflow.embedded.postgres import NAME, PostgreSQL
from quoteflow.embedded.valkey import Valkey

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Servers:
    """PostgreSQL and Valkey of the directory `data`, started on demand, stopped by the last user.

    Making one touches nothing; its addresses are known before anything runs. `fast` gives up
    surviving a power cut (tests); `postgres=False` or `valkey=False` leaves that server out.
    """

    def __init__(
        self, data: Path, *, fast: bool = False, postgres: bool = True, valkey: bool = True
    ) -> None:
        self.data = data.resolve()
        self.sockets = _runtime_directory(self.data)
        self._postgres = PostgreSQL(self.data, self.sockets, fast=fast) if postgres else None
        self._valkey = Valkey(self.data, self.sockets) if valkey else None
        self._lock: int | None = None
        self._pid = 0

    @property
    def database_url(self) -> str:
        """PostgreSQL URL; its host is the percent-encoded directory of the socket."""
        return f"postgres://{NAME}@{quote(str(self.sockets), safe='')}/{NAME}"

    @property
    def names(self) -> list[str]:
        """What is embedded here, in words: empty when the environment names all servers."""
        return [type(server).__name__ for server in self._servers()]

    @property
    def redis_url(self) -> str:
        """Redis URL of the unix socket, without a database number."""
        return f"unix://{quote(str(self.sockets / 'valkey.sock'))}"

    def ensure(self) -> None:
        """Find the running servers or start them, and stay registered until `release`.

        May be called again to bring back a server that died. Raises EmbeddedError.
        """
        if not self.names:
            return
        if fcntl is None:
            raise EmbeddedError(
                "The embedded servers need Linux or macOS."
                " Name your own with DATABASE_URL and REDIS_URL."
            )
        with in_words(self.data):
            self._prepare()
            with self._starting():
                first = self._lock is None
                if first:
                    self._register()
                try:
                    for server in self._servers():
                        server.ensure()
                except BaseException:
                    if first:
                        self._leave()
                    raise

    def healthy(self) -> bool:
        """Whether every server answers at this moment."""
        return all(server.answers() for server in self._servers())

    def release(self) -> None:
        """Sign off; the last one stops the servers. Harmless without `ensure` and in a fork."""
        if self._lock is None or self._pid != os.getpid():
            return
        with in_words(self.data), self._starting():
            self._leave()

    def secret_key(self) -> str:
        """The signing key of this data directory, made on first use, readable by its owner only."""
        path = self.data / "secret-key"
        with in_words(self.data):
            if not path.exists():
                self._prepare()
                with self._exclusive("secret.lock"):
                    if not path.exists():
                        draft = self.data / "secret-key.new"
                        draft.touch(mode=0o600)
                        draft.write_text(secrets.token_urlsafe(50))
                        draft.rename(path)
            return path.read_text()

    def __enter__(self) -> Self:
        self.ensure()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _servers(self) -> Iterator[PostgreSQL | Valkey]:
        if self._postgres:
            yield self._postgres
        if self._valkey:
            yield self._valkey

    def _prepare(self) -> None:
        """The directories everything lies in."""
        # Root's PostgreSQL may run as somebody else, who must be able to pass.
        mode = 0o711 if os.geteuid() == 0 else 0o700
        self.data.mkdir(mode=mode, parents=True, exist_ok=True)
        (self.data / "logs").mkdir(exist_ok=True)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with self._exclusive("start.lock"):
            _claim_runtime_directory(self.sockets, self.data)
            yield

    @contextmanager
    def _exclusive(self, name: str) -> Iterator[None]:
        lock = os.open(self.data / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _register(self) -> None:
        self._lock = os.open(self.data / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._pid = os.getpid()
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def _leave(self) -> None:
        """Sign off, and stop the servers where nobody else is registered."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            for server in self._servers():
                server.let_go()
        else:
            for server in self._servers():
                server.stop()
            shutil.rmtree(self.sockets, ignore_errors=True)
        finally:
            os.close(lock)


def _runtime_directory(data: Path) -> Path:
    """Where the sockets of `data` lie: a short name, since a socket's path ends at 107 bytes.

    Always below /tmp where there is one: TMPDIR may differ between two processes of one user.
    """
    temporary = Path("/tmp")  # noqa: S108 - a private directory of our own is made in it
    if not os.access(temporary, os.W_OK | os.X_OK):
        temporary = Path(tempfile.gettempdir())
    user = os.geteuid() if hasattr(os, "geteuid") else 0
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return temporary / f"quoteflow-{user}-{name}"


def _claim_runtime_directory(directory: Path, data: Path) -> None:
    """Make the directory, or make sure that nobody else made it. Raises EmbeddedError."""
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    ours = {os.geteuid()}
    if os.geteuid() == 0:  # whose PostgreSQL runs as nobody, or as the owner of its files
        ours |= {accounts.nobody()[0], *(path.stat().st_uid for path in data.glob("postgres"))}
    private = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
    if not private or found.st_uid not in ours:
        raise EmbeddedError(
            f"{directory} was made by somebody else. Remove it, or choose another data directory"
            " with DATA=<directory>."
        )
