"""How large a picture says it is, read from its first bytes and never by decoding it."""

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
# Start-of-frame markers hold the size; C4, C8 and CC mean something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


def pixels(data: bytes) -> int | None:
    """Width times height of a PNG or JPEG; None where the bytes do not say, and so are no such picture."""
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(_JPEG):
        return _jpeg(data)
    return None


def _png(data: bytes) -> int | None:
    if data[12:16] != b"IHDR" or len(data) < 24:  # noqa: PLR2004 (signature, length, name, two sizes)
        return None
    width, height = struct.unpack(">II", data[16:24])
    return int(width * height)


def _jpeg(data: bytes) -> int | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 (a marker begins so)
        marker = data[at + 1]
        if marker == 0xFF or marker in _ALONE:  # noqa: PLR2004 (a fill byte)
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return int(width * height)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
