"""Everything a machine can check without running the tests: each by name, all every time."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from quoteflow.house import environment

# Values of the shape that a real deployment has; nothing connects with them.
DEPLOYMENT = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "q7Zk2vX9" * 8,
    "DATABASE_URL": "postgres://quoteflow:secret@database/quoteflow",
    "REDIS_URL": "redis://cache:6379/0",
    "ALLOWED_HOSTS": "quoteflow.example.org",
    "SITE_URL": "https://quoteflow.example.org",
    "HTTPS": "true",
    "DEBUG": "false",
}
ADDRESS = re.compile(r"https?://|file:|--(extra-)?index-url|--find-links")


def run(base: Path) -> int:
    """Carry out every check; print the words of those that fail; 1 when any did."""
    os.chdir(base)
    os.environ["DATA"] = os.environ.get("DATA") or str(base / ".data" / "test")
    python, tools = sys.executable, Path(sys.executable).parent
    manage = [python, "manage.py"]
    steps: list[tuple[str, Callable[[], str]]] = [
        ("lint", lambda: _words_of([tools / "ruff", "check", *_BRIEF, "."])),
        ("format", lambda: _words_of([tools / "ruff", "format", "--check", *_BRIEF, "."])),
        ("types", lambda: _words_of([tools / "mypy", "."])),
        ("contracts", lambda: _words_of([tools / "lint-imports"])),
        ("templates", lambda: _words_of([tools / "djlint", "--lint", "--quiet", "templates"])),
        ("migrations", lambda: _words_of([*manage, "makemigrations", "--check", "--dry-run"])),
        ("deployment", lambda: _words_of([*manage, "check", "--deploy", *_STRICT], DEPLOYMENT)),
        ("lock files", lambda: addresses_in_locks(base)),
    ]
    failed = []
    with environment.servers(base, fast=True):
        for name, step in steps:
            started = time.monotonic()
            problem = step()
            verdict = "FAILED" if problem else "ok"
            print(f"{name:<12} {verdict:<7} {time.monotonic() - started:5.1f} s", flush=True)
            if problem:
                failed.append(name)
                print(problem, flush=True)
    print(f"check: {', '.join(failed)} failed" if failed else "check: all passed")
    return 1 if failed else 0


def addresses_in_locks(base: Path) -> str:
    """The lines of the lock files that name a place: they would tie everyone to one machine's."""
    return "\n".join(
        f"{lock.name}:{number}: {line}"
        for lock in sorted(base.glob("*.lock"))
        for number, line in enumerate(lock.read_text().splitlines(), 1)
        if ADDRESS.search(line)
    )


_STRICT = ["--fail-level", "WARNING"]
_BRIEF = ["--output-format", "concise"]


def _words_of(command: list[str | Path], more: dict[str, str] | None = None) -> str:
    """What a failing command said; empty when it passed."""
    done = subprocess.run(
        command,
        env=os.environ | (more or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (done.stdout.strip() or f"exit code {done.returncode}") if done.returncode else ""
