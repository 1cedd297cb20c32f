"""The virtual environment `.venv`: made from a hashed lock file, recognised when current."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from quoteflow.house.errors import Refusal

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

STAMP = "quoteflow.json"
UNFINISHED = "quoteflow.unfinished"
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"


def directory(base: Path) -> Path:
    """Where the environment of a checkout lies."""
    return base / ".venv"


def python_of(base: Path) -> Path:
    """Its interpreter."""
    windows = os.name == "nt"
    return directory(base) / ("Scripts/python.exe" if windows else "bin/python")


def ready(base: Path, lock: str) -> bool:
    """Whether it holds exactly what the lock file says, for this Python."""
    try:
        installed = json.loads((directory(base) / STAMP).read_text())
    except (OSError, ValueError):
        return False
    return bool(installed.get(lock) == _print_of(base, lock)) and python_of(base).exists()


def ensure(base: Path, lock: str) -> Path:
    """Make the environment or bring it up to date; return its interpreter.

    An installation that was interrupted begins anew. Raises Refusal.
    """
    if ready(base, lock):
        return python_of(base)
    with _one_at_a_time(base):
        if not ready(base, lock):
            _create(base)
            _install(base, lock)
    return python_of(base)


def remove(base: Path) -> None:
    """Delete the environment."""
    shutil.rmtree(directory(base), ignore_errors=True)


@contextmanager
def _one_at_a_time(base: Path) -> Iterator[None]:
    """Two commands started together must not install into each other."""
    place = base / ".cache"
    try:
        place.mkdir(exist_ok=True)
        lock = os.open(place / "install.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise Refusal(
            f"This user may not write to {base}; start as the user who owns it."
        ) from None
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _print_of(base: Path, lock: str) -> str:
    """What an installation depends on, as a hash."""
    machine = f"{sys.version_info[:3]} {platform.system()} {platform.machine()}"
    return hashlib.sha256((base / lock).read_bytes() + machine.encode()).hexdigest()


def _create(base: Path) -> None:
    """An empty environment, unless a whole one of this Python is there to be updated."""
    place = directory(base)
    usable = python_of(base).exists() and _version_of(place) == platform.python_version()
    if usable and not (place / UNFINISHED).exists():
        return
    print("QuoteFlow: making the virtual environment", flush=True)
    remove(base)
    maker = [_python_outside(), "-m", "venv"]
    whole = find_spec("ensurepip") is not None
    if not whole or _run([*maker, str(place)]).returncode:
        remove(base)
        bare = _run([*maker, "--without-pip", str(place)])
        if bare.returncode:
            raise _failed("The virtual environment could not be made", bare.stdout)
    (place / UNFINISHED).touch()


def _install(base: Path, lock: str) -> None:
    place = directory(base)
    (place / STAMP).unlink(missing_ok=True)
    (place / UNFINISHED).touch()
    print(f"QuoteFlow: installing {lock} (about half a minute the first time)", flush=True)
    done = _run(
        [
            *_pip(base),
            *("install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"),
            *("--require-hashes", "-r", str(base / lock)),
        ]
    )
    if done.returncode:
        raise _failed(f"Installing {lock} failed; check the network and start again", done.stdout)
    # One compilation on all cores beats pip's own; a few files of packages are templates and fail.
    _run([str(python_of(base)), "-m", "compileall", "-q", "-j", "0", str(place / "lib")])
    installed = {lock: _print_of(base, lock)}
    if lock == DEVELOPMENT:  # which holds everything of the other, in the same versions
        installed[RUNTIME] = _print_of(base, RUNTIME)
    (place / STAMP).write_text(json.dumps(installed))
    (place / UNFINISHED).unlink()


def _pip(base: Path) -> list[str]:
    """pip of the environment, else that of the system working on the environment."""
    inside = [str(python_of(base)), "-m", "pip"]
    if _run([*inside, "--version"]).returncode == 0:
        return inside
    outside = [_python_outside(), "-m", "pip"]
    if _run([*outside, "--python", str(python_of(base)), "--version"]).returncode == 0:
        return [*outside, "--python", str(python_of(base))]
    raise Refusal(
        "Python has neither venv nor pip here. On Debian or Ubuntu:"
        " sudo apt-get install python3-venv, then start again."
    )


def _version_of(place: Path) -> str:
    """The Python version an environment was made for, from its own record."""
    try:
        lines = (place / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return ""
    stored = {name.strip(): value.strip() for name, _, value in (li.partition("=") for li in lines)}
    return stored.get("version", "")


def _python_outside() -> str:
    """The interpreter that the running one was made from; itself outside of an environment."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    variables = dict(os.environ)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    variables.pop("__PYVENV_LAUNCHER__", None)
    return subprocess.run(
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def _failed(what: str, words: str) -> Refusal:
    if "No space left on device" in words:
        return Refusal(f"{what}: the disk is full. Free some space and start again.")
    return Refusal(f"{what}:\n" + "\n".join(words.strip().splitlines()[-12:]))
