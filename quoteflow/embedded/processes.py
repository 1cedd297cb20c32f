"""Processes by number, start and command line, so that a reused number is never taken for ours."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_PAUSE = 0.02  # seconds between two looks
_AFTER_NAME = 20  # fields of /proc/<pid>/stat from the state to the start time


@dataclass(frozen=True)
class Process:
    """A living process. `started` is opaque: equal for the same process, different for another."""

    pid: int
    session: int
    started: str
    command: str


def find(pid: int) -> Process | None:
    """The living process with this number; a zombie counts as gone."""
    _reap(pid)
    if (PROC / "self" / "stat").exists():
        return _from_proc(pid)
    return _from_ps(pid)


def exists(pid: int) -> bool:
    """Whether the number is taken at all, be it by a zombie or by somebody else's process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def in_session(session: int) -> list[Process]:
    """The living members of a session, found even when its leader is gone."""
    if not (PROC / "self" / "stat").exists():
        leader = find(session)
        return [leader] if leader else []
    everyone = (_from_proc(int(entry.name)) for entry in PROC.iterdir() if entry.name.isdigit())
    return [process for process in everyone if process and process.session == session]


def working_in(directory: Path) -> list[int]:
    """Numbers of the processes whose working directory is `directory` (Linux; elsewhere empty)."""
    found = []
    for entry in PROC.iterdir() if PROC.is_dir() else ():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").readlink() == directory and find(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def wait_gone(pids: Iterable[int], *, seconds: float) -> bool:
    """Wait until none of the processes lives; False when `seconds` were not enough."""
    left = list(pids)
    deadline = time.monotonic() + seconds
    while left := [pid for pid in left if find(pid)]:
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def stop(pids: Iterable[int], *, steps: Iterable[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn and wait its seconds, until all are gone; False when some stay."""
    left = list(pids)
    for number, seconds in steps:
        for pid in left:
            send(pid, number)
        if wait_gone(left, seconds=seconds):
            return True
    return False


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that has gone meanwhile is what was wanted anyway."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _reap(pid: int) -> None:
    """Collect a dead child of ours, which would otherwise stay as a zombie."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except OSError:
        return


def _from_proc(pid: int) -> Process | None:
    try:
        stat = (PROC / str(pid) / "stat").read_text(errors="replace")
        command = (PROC / str(pid) / "cmdline").read_bytes()
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    state, _parent, _group, session, *rest = stat.rpartition(")")[2].split()[:_AFTER_NAME]
    if state in "ZX":
        return None
    words = os.fsdecode(command.replace(b"\0", b" ")).strip()
    return Process(pid, int(session), f"{boot}/{rest[-1]}", words)


def _from_ps(pid: int) -> Process | None:
    """The same from ps, for systems without /proc."""
    asked = ["ps", "-ww", "-o", "stat=,sess=,lstart=,command=", "-p", str(pid)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    if not answer or answer[0].startswith("Z"):
        return None
    # A session leader's session is its own number; ps of macOS prints 0 instead.
    return Process(pid, pid, " ".join(answer[2:7]), " ".join(answer[7:]))
