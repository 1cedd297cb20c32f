"""Programs kept alive: each in a session of its own, restarted when it dies, stopped in order."""

import contextlib
import ctypes
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from quoteflow.embedded import processes

SETTLED_SECONDS = 60.0  # a program that lived this long did not fail to start
LONGEST_PAUSE = 30.0
LOG_LIMIT = 5 * 1024 * 1024  # bytes after which a start begins a new file
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One program, its log file, and how often it died in a row."""

    name: str
    command: list[str]
    variables: dict[str, str]
    directory: Path
    log: Path
    deaths: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _not_before: float = field(default=0.0)

    @property
    def session(self) -> int:
        """The number of its session, which all its processes share; 0 before the first start."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the program; its words go to the end of its log."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=self.variables,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        self._started = time.monotonic()

    def keep_alive(self) -> bool:
        """Restart the program if it died, after a pause that grows; True when it was started."""
        if self._process is None or self._process.poll() is None:
            return False
        now = time.monotonic()
        if not self._not_before:
            self.end_remains()
            self.deaths = 1 if now - self._started > SETTLED_SECONDS else self.deaths + 1
            pause = min(LONGEST_PAUSE, 2.0 ** (self.deaths - 1))
            self._not_before = now + pause
            print(
                f"QuoteFlow: the {self.name} process ended unexpectedly"
                f" ({_reason(self._process.returncode)}); starting it again in {pause:.0f} s."
                f" Its last words are in {self.log}",
                flush=True,
            )
        if now < self._not_before:
            return False
        self._not_before = 0.0
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Begin a graceful stop; what is being done is finished."""
        if self._process and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def gone(self) -> bool:
        """Whether it has ended."""
        return self._process is None or self._process.poll() is not None

    def end_remains(self) -> None:
        """Kill what is left of its session, the program itself included."""
        end_session(self.session, patience=0)
        if self._process:
            self._process.poll()  # it is collected, whoever waited for it

    def last_words(self) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return ""


def end_session(session: int, *, patience: float) -> None:
    """End all processes of a session: politely for `patience` seconds, then by force."""
    if session <= 1:
        return
    members = [process.pid for process in processes.in_session(session)]
    steps = [(signal.SIGTERM, patience)] if patience else []
    processes.stop(members, steps=steps)
    members = [process.pid for process in processes.in_session(session)]
    processes.stop(members, steps=[(signal.SIGKILL, 10.0)])


def _end_with_parent() -> None:
    """Ask Linux for SIGTERM when the parent dies, so that killing it leaves nothing behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
