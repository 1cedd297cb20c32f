"""Run a command as somebody who is not root; PostgreSQL refuses to run as root.

Called by path: `python unroot.py MODE UID GID DIRECTORY COMMAND...`. MODE `userns` enters a user
namespace in which root's files belong to an ordinary user; any other MODE becomes UID and GID.
Exits with REFUSED when that is not possible here or DIRECTORY is out of reach afterwards. The
process stays the same one, so its number is that of the command.
"""

import ctypes
import os
import sys
from pathlib import Path

REFUSED = 77
ORDINARY = 65534
CLONE_NEWUSER = 0x10000000


def main(mode: str, uid: int, gid: int, directory: str, command: list[str]) -> int:
    """Give up root, then become `command`; return REFUSED when either does not work."""
    try:
        if mode == "userns":
            _enter_namespace()
        else:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        os.chdir(directory)
        if not os.access(".", os.W_OK | os.X_OK):
            return REFUSED
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    except (OSError, AttributeError):
        return REFUSED


def _enter_namespace() -> None:
    uid, gid = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{ORDINARY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{ORDINARY} {gid} 1")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:]))
