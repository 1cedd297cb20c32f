"""What each command of `bootstrap.py` does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from quoteflow.embedded import EmbeddedError
from quoteflow.house import checking, environment, site, testing, virtualenv
from quoteflow.house.errors import Refusal

BASE = Path(__file__).resolve().parent.parent.parent
CACHES = (
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
    ".cache",
)


def carry_out(command: str, arguments: list[str]) -> int:
    """Do it inside the virtual environment, which is made first; return the exit code."""
    try:
        return _carry_out(command, arguments)
    except (Refusal, EmbeddedError) as refusal:
        print(f"QuoteFlow: {refusal}", file=sys.stderr)
    except KeyboardInterrupt:
        print("QuoteFlow: stopped.", file=sys.stderr)
        return 130
    return 1


def _carry_out(command: str, arguments: list[str]) -> int:
    environment.load(BASE)
    if command == "clean":
        return _clean()
    _enter_environment(command, arguments)
    work: dict[str, Callable[[], int]] = {
        "run": lambda: site.run(BASE),
        "test": lambda: testing.run(BASE, arguments),
        "check": lambda: checking.run(BASE),
        "lock": _lock,
        "install": lambda: 0,
    }
    return work.get(command, lambda: _benchmarks(command, arguments))()


def _enter_environment(command: str, arguments: list[str]) -> None:
    """Go on with the virtual environment's interpreter, in this same process."""
    lock = virtualenv.RUNTIME if command == "run" else virtualenv.DEVELOPMENT
    if command == "run" and not virtualenv.ready(BASE, lock):
        site.insist_on_port()  # better now than after the installation
    python = virtualenv.ensure(BASE, lock)
    if Path(sys.prefix).resolve() != virtualenv.directory(BASE).resolve():
        sys.stdout.flush()
        os.execv(python, [str(python), str(BASE / "bootstrap.py"), command, *arguments])


def _benchmarks(command: str, arguments: list[str]) -> int:
    """`bench/bench.py` and `bench/soak.py`, with the servers of a data directory of their own."""
    program = BASE / "bench" / f"{command}.py"
    if not program.exists():
        raise Refusal(f"This checkout has no {program.relative_to(BASE)}.")
    os.environ["DATA"] = os.environ.get("DATA") or str(BASE / ".data" / "bench")
    with environment.servers(BASE):
        done = subprocess.run([sys.executable, program, *arguments], cwd=BASE, check=False)
    return done.returncode


def _lock() -> int:
    """Lock for every platform, with hashes and without any address."""
    compiling = [
        *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"),
        *("--universal", "--generate-hashes", "--no-header", "--no-annotate"),
        *("--python-version", "3.11"),
    ]
    clean = {name: value for name, value in os.environ.items() if name != "PIP_FIND_LINKS"}
    for options in (
        ["--output-file", "requirements.lock"],
        ["--extra", "dev", "--output-file", "requirements-dev.lock"],
    ):
        done = subprocess.run([*compiling, *options], cwd=BASE, env=clean, check=False)
        if done.returncode:
            return done.returncode
    return 0


def _clean() -> int:
    """Remove what the other commands make, except the data of the site."""
    with site.claim(environment.data_directory(BASE)):
        for name in (*CACHES, ".data/test", ".data/bench"):
            shutil.rmtree(BASE / name, ignore_errors=True)
        for found in (path for path in BASE.rglob("__pycache__") if ".venv" not in path.parts):
            shutil.rmtree(found, ignore_errors=True)
        virtualenv.remove(BASE)
    print("QuoteFlow: cleaned. The data of the site in .data/ is kept; delete it yourself.")
    return 0
