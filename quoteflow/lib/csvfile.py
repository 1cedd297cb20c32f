"""Delimited text files: which encoding, which delimiter, and every record with its line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from quoteflow.lib.tablerows import UnreadableTable

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 131_072

_SAMPLE_RECORDS = 20
_SAMPLE_BYTES = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Excel writes the delimiter it used on a line of its own.
_SEP_LINE = re.compile(r"sep=([,;|\t])\r?\n?", re.IGNORECASE)


def decode(data: bytes, *, encoding: str | None = None) -> str:
    """Return the text of a file.

    Without `encoding` it is UTF-8 or UTF-16 (by byte order mark or by the pattern of NUL
    bytes), else Windows-1252. UnreadableTable for NUL characters and for bytes that the
    encoding does not have.
    """
    text = _decoded_as(data, encoding) if encoding else _detected(data)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableTable(
            _("Line %(line)d contains a NUL character; this is no text file. Save it as CSV.")
            % {"line": line}
        )
    return text


def records(text: str, *, delimiter: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line of the file on which it starts.

    UnreadableTable when a quotation mark is left open or stands amid a quoted cell, or a cell
    is too long: what follows could not be told apart.
    """
    stated = _SEP_LINE.match(text)
    skipped = 1 if stated else 0
    if stated:
        text, delimiter = text[stated.end() :], delimiter or stated[1]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter or detect_delimiter(text), strict=True
    )
    start = 1
    try:
        for cells in reader:
            yield start + skipped, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableTable(_csv_problem(error, start + skipped)) from None


def detect_delimiter(text: str) -> str:
    """Return the candidate that parts the first records most evenly; else a comma."""
    best, best_score = DELIMITERS[0], (0.0, 0)
    for candidate in DELIMITERS:
        lengths = _lengths(text, candidate)
        if not lengths or lengths[0] == 1:
            continue
        even = sum(length == lengths[0] for length in lengths) / len(lengths)
        if (even, lengths[0]) > best_score:
            best, best_score = candidate, (even, lengths[0])
    return best


def _lengths(text: str, delimiter: str) -> list[int]:
    """Count the cells of the first records, as far as they can be read."""
    lengths: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cells):
                lengths.append(len(cells))
            if len(lengths) == _SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return lengths


def _detected(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded_as(data, encoding)
    if wide := _utf16_without_mark(data):
        return _decoded_as(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _almost_utf8_or_windows(data, error)


def _utf16_without_mark(data: bytes) -> str:
    """Western text in UTF-16 has NUL in nearly every second byte, always on the same side."""
    sample = data[:_SAMPLE_BYTES]
    half = len(sample) // 2
    if half == 0 or len(data) % 2:
        return ""
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > half * 0.7 and first == 0:
        return "utf-16-le"
    if first > half * 0.7 and second == 0:
        return "utf-16-be"
    return ""


def _almost_utf8_or_windows(data: bytes, error: UnicodeDecodeError) -> str:
    """A few broken bytes in UTF-8 must not turn the whole file into mojibake."""
    replaced = data.decode("utf-8", "replace")
    broken = replaced.count("\ufffd")
    sound = sum(character > "\x7f" for character in replaced) - broken
    if sound > broken:
        raise UnreadableTable(_byte_problem(data, error, "UTF-8")) from None
    return _decoded_as(data, "cp1252")


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise UnreadableTable(
            _("“%(encoding)s” is not a known text encoding. Try utf-8, utf-16 or windows-1252.")
            % {"encoding": encoding}
        ) from None
    except UnicodeDecodeError as error:
        raise UnreadableTable(_byte_problem(data, error, encoding)) from None
    except UnicodeError:
        raise UnreadableTable(
            _("The file is not in the encoding %(encoding)s.") % {"encoding": encoding}
        ) from None


def _byte_problem(data: bytes, error: UnicodeDecodeError, encoding: str) -> str:
    return _(
        "Line %(line)d has a byte (%(byte)s) that is not %(encoding)s. Save the file as UTF-8, or "
        "name its encoding."
    ) % {
        "line": data.count(b"\n", 0, error.start) + 1,
        "byte": f"0x{data[error.start]:02x}" if error.start < len(data) else "",
        "encoding": {"cp1252": "Windows-1252"}.get(encoding, encoding),
    }


def _csv_problem(error: csv.Error, line: int) -> str:
    reason = str(error)
    if "field larger" in reason:
        return _("The row on line %(line)d has a cell of more than %(limit)s characters.") % {
            "line": line,
            "limit": f"{LONGEST_CELL:,}",
        }
    if "unexpected end" in reason:
        return _(
            "A quotation mark opened in the row that starts on line %(line)d is never closed."
        ) % {"line": line}
    return _(
        "The row that starts on line %(line)d has a quotation mark inside a quoted cell. "
        'Double it, like 12"", or remove it.'
    ) % {"line": line}
