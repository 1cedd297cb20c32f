"""One Valkey of our own on a unix socket: a cache, so nothing of it is kept on disk."""

import contextlib
import signal
import socket
import subprocess
import time
from pathlib import Path

from quoteflow.embedded import processes
from quoteflow.embedded.binaries import valkey_program
from quoteflow.embedded.errors import EmbeddedError, from_log

READY_SECONDS = 20.0
_ENDING = [(signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)]


class Valkey:
    """The server of the directory `home`; the caller holds the lock that makes it one at a time."""

    def __init__(self, home: Path, sockets: Path) -> None:
        self.socket = sockets / "valkey.sock"
        self.log = home / "logs" / "valkey.log"
        self.pid_file = home / "valkey.pid"
        self._child: subprocess.Popen[bytes] | None = None

    def ensure(self) -> None:
        """Adopt the running server or start one. Raises EmbeddedError."""
        running = self._running()
        if running is not None:
            if self.answers(seconds=5):
                return
            processes.stop([running], steps=_ENDING)
        self.socket.unlink(missing_ok=True)
        self._start()

    def answers(self, seconds: float = 1.0) -> bool:
        """Whether the server answers on its socket."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(seconds)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(5) == b"+PONG"
        except OSError:
            return False

    def stop(self) -> None:
        """End the server; what it cached is gone."""
        running = self._running()
        if running is not None:
            processes.stop([running], steps=_ENDING)
        self.pid_file.unlink(missing_ok=True)
        self.let_go()

    def let_go(self) -> None:
        """Leave the server to those who still use it."""
        if self._child is not None:
            self._child.returncode = 0  # it is not ours to wait for any more
            self._child = None

    def _running(self) -> int | None:
        """The number of our server's process, told by the socket in its title."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            process = processes.find(int(self.pid_file.read_text()))
            if process and str(self.socket) in process.command:
                return process.pid
        return None

    def _start(self) -> None:
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--save": "",
            "--appendonly": "no",
            "--databases": "64",  # one for each parallel test process
            "--maxmemory": "128mb",
            "--maxmemory-policy": "allkeys-lru",
        }
        command = [str(valkey_program()), *(word for pair in options.items() for word in pair)]
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.socket.parent,
                start_new_session=True,
            )
        self.let_go()
        self._child = child
        self.pid_file.write_text(str(child.pid))
        deadline = time.monotonic() + READY_SECONDS
        while child.poll() is None and time.monotonic() < deadline:
            if self.answers():
                return
            time.sleep(0.01)
        if child.poll() is None:
            child.kill()
            child.wait(10)
        words = self.log.read_text(errors="replace")[-2000:]
        last = "\n".join(words.splitlines()[-5:])
        raise from_log(words, self.log.parent) or EmbeddedError(
            f"Valkey did not start; it says:\n{last}"
        )
