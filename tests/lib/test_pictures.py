"""The size that a picture says it has."""

import struct

import pytest

from quoteflow.lib.pictures import pixels


def png(width, height):
    """The first bytes of a PNG."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02"


def jpeg(width, height, *, frame=0xC0):
    """The first bytes of a JPEG: a comment, a table, fill bytes, then the frame."""
    comment = b"\xff\xfe\x00\x06hey!"
    table = b"\xff\xc4\x00\x04\x00\x00"
    size = struct.pack(">HH", height, width)
    return (
        b"\xff\xd8"
        + comment
        + table
        + b"\xff\xff"
        + bytes([frame])
        + b"\x00\x0b\x08"
        + size
        + b"\x01"
    )


@pytest.mark.parametrize("frame", [0xC0, 0xC2, 0xCF])
def test_a_jpeg_says_its_size_in_the_frame(frame):
    assert pixels(jpeg(4000, 3000, frame=frame)) == 12_000_000


def test_a_png_says_its_size_in_the_head():
    assert pixels(png(60_000, 60_000)) == 3_600_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIDAT12345678", b"\xff\xd8",
        b"\xff\xd8\xff", b"\xff\xd8" + b"\x00" * 9, jpeg(1, 1)[:16], b"\xff\xd8" + b"\xff" * 50,
    ],
)  # fmt: skip
def test_what_says_no_size_is_no_picture(data):
    assert pixels(data) is None


@pytest.mark.parametrize("cut", range(2, 35))
def test_a_jpeg_that_ends_early_is_no_picture_and_no_error(cut):
    whole = jpeg(10, 10)
    assert pixels(whole[:cut]) in (None, 100)
