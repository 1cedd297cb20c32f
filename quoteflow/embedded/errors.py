"""The one error of this package."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class EmbeddedError(Exception):
    """The embedded servers cannot run; the message says why and what to do about it."""


def disk_full(place: Path) -> EmbeddedError:
    """What to say when there is no room left at `place`."""
    return EmbeddedError(
        f"The disk that holds {place} is full. Free some space,"
        " or choose another directory with DATA=<directory>, and start again."
    )


def not_permitted(place: Path) -> EmbeddedError:
    """What to say when the user of this process may not use `place`."""
    return EmbeddedError(
        f"This user may not write to {place}. Start as the user who owns it,"
        " or choose another directory with DATA=<directory>."
    )


@contextmanager
def in_words(place: Path) -> Iterator[None]:
    """Turn the refusals of the operating system below `place` into sentences."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise disk_full(place) from problem
        if problem.errno in _FORBIDDEN:
            raise not_permitted(place) from problem
        raise


def from_log(words: str, place: Path) -> EmbeddedError | None:
    """The sentence for what a server wrote before it gave up, where the reason is a known one."""
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return disk_full(place)
    if "Permission denied" in words:
        return not_permitted(place)
    return None
