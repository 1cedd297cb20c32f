"""As whom PostgreSQL runs: as ourselves, or, since it refuses root, as somebody root can be.

For root there are four ways, tried in this order: a user namespace (files stay root's), the
account `nobody`, `nobody` with a copy of the programs (for those below a directory only root may
enter), and the owner of the surrounding directory. Data that exists belongs to somebody already,
and that decides.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quoteflow.embedded import unroot
from quoteflow.embedded.errors import EmbeddedError, not_permitted

DIRECT, USERNS, NOBODY, COPY, OWNER = "direct", "userns", "nobody", "copy", "owner"


@dataclass(frozen=True)
class Account:
    """A way to run PostgreSQL's programs, and the directory they lie in for it."""

    mode: str
    uid: int
    gid: int
    programs: Path

    def command(self, name: str, *arguments: str, inside: Path) -> list[str]:
        """The command line that runs the program `name`, working inside a directory."""
        line = [str(self.programs / name), *arguments]
        if self.mode == DIRECT:
            return line
        who = [self.mode, str(self.uid), str(self.gid), str(inside)]
        return [sys.executable, "-I", "-S", unroot.__file__, *who, *line]


def choose(directory: Path, programs: Path) -> Account:
    """The first way that works for `directory`, which then belongs to the account.

    Raises EmbeddedError when none works.
    """
    if os.geteuid() != 0:
        return _ourselves(directory, programs)
    first_owner = directory.stat()
    for account in _candidates(directory, programs):
        _hand_over(directory, account.uid, account.gid)
        if _works(account, directory):
            return account
    _hand_over(directory, first_owner.st_uid, first_owner.st_gid)
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and no other account can use {directory}."
        " Start as an ordinary user, choose a directory that others may enter with"
        " DATA=<directory>, or name a server with DATABASE_URL."
    )


def nobody() -> tuple[int, int]:
    """User and group number of the account without rights."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return unroot.ORDINARY, unroot.ORDINARY
    return entry.pw_uid, entry.pw_gid


def _ourselves(directory: Path, programs: Path) -> Account:
    owner = directory.stat().st_uid
    if owner != os.geteuid():
        raise not_permitted(directory)
    return Account(DIRECT, owner, os.getegid(), programs)


def _candidates(directory: Path, programs: Path) -> Iterator[Account]:
    owner = directory.stat()
    if owner.st_uid != 0:
        yield Account(OWNER, owner.st_uid, owner.st_gid, programs)
    else:
        yield Account(USERNS, 0, 0, programs)
        yield Account(NOBODY, *nobody(), programs)
    home = directory.parent.stat()
    if programs.parent.name == "pginstall":
        who = (owner.st_uid, owner.st_gid) if owner.st_uid else nobody()
        yield Account(COPY, *who, _copy(programs, directory.parent / "postgres-programs"))
    if home.st_uid != 0:
        yield Account(OWNER, home.st_uid, home.st_gid, programs)


def _copy(programs: Path, target: Path) -> Path:
    """Copy the wheel's programs to where anybody may run them; they find their libraries beside."""
    tree = programs.parent
    package = tree.parent
    inside = target / package.name / tree.name / programs.name
    if inside.is_dir():
        return inside
    unfinished = target.with_name(f"{target.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(tree, unfinished / package.name / tree.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    unfinished.rename(target)
    return inside


def _hand_over(directory: Path, uid: int, gid: int) -> None:
    if directory.stat().st_uid == uid:
        return
    for path in (directory, *directory.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)


def _works(account: Account, directory: Path) -> bool:
    probe = account.command("postgres", "--version", inside=directory)
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0
