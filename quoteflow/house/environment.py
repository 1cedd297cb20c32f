"""What the environment and the file `.env` say, for programs that run before Django does."""

import os
from pathlib import Path

from quoteflow.embedded import Servers


def load(base: Path) -> None:
    """Take the variables of `base/.env` that the environment does not set itself.

    The same rules as the settings' reader for the lines that `.env.example` shows: NAME=value,
    optional quotes and `export`, `#` starts a comment line.
    """
    try:
        lines = (base / ".env").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        name, sign, value = line.strip().removeprefix("export ").partition("=")
        if sign and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def data_directory(base: Path) -> Path:
    """The directory everything of this installation lies in: DATA, else `.data` in the checkout."""
    return Path(os.environ.get("DATA") or base / ".data").resolve()


def servers(base: Path, *, fast: bool = False) -> Servers:
    """The embedded servers that the environment does not replace by others."""
    return Servers(
        data_directory(base),
        fast=fast,
        postgres=not os.environ.get("DATABASE_URL"),
        valkey=not os.environ.get("REDIS_URL"),
    )
