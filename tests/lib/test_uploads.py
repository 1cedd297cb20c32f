"""A full disk costs the file and nothing else: the form is read to its end, and the refusal is a sentence."""

import errno
import os
import sys
from pathlib import Path

import pytest
from django.http import HttpRequest

from quoteflow.lib.uploads import NoRoom, TemporaryUpload, UnkeptFile, wanting_room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a device of Linux")
PIECE = b"x" * 65536


def uploaded(*, full, pieces=2):
    """What the form gets of an upload to a disk that is full or not."""
    handler = TemporaryUpload(HttpRequest())
    handler.new_file("upload", "drawing.pdf", "application/pdf", None)
    if full:
        handler.file.file.close()
        handler.file.file = Path("/dev/full").open("r+b")  # noqa: SIM115 (the handler closes it)
    for turn in range(pieces):
        handler.receive_data_chunk(PIECE, turn * len(PIECE))
    return handler.file_complete(pieces * len(PIECE))


def test_a_file_that_fits_is_handed_over_whole():
    with uploaded(full=False) as kept:
        assert (kept.name, kept.size, kept.read()) == ("drawing.pdf", 2 * len(PIECE), 2 * PIECE)


def test_a_file_that_finds_no_room_refuses_when_it_is_read():
    unkept = uploaded(full=True)
    assert (type(unkept), unkept.name, unkept.size) == (UnkeptFile, "drawing.pdf", 2 * len(PIECE))
    for read in (unkept.read, unkept.chunks):
        with pytest.raises(NoRoom, match="has no room for the file"):
            read()
    unkept.close()


def test_other_troubles_of_the_disk_are_no_want_of_room():
    with pytest.raises(PermissionError), wanting_room():
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
