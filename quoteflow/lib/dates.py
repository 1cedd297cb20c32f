"""Reading days and moments from files and forms; the ISO order unless another is stated."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

from django.utils.translation import gettext as _

Order = Literal["dmy", "mdy"]

EARLIEST, LATEST = 1900, 2199
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NUMERIC = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_NAMED = re.compile(r"([0-9]{1,2})[ /.-]+([A-Za-z]{3,9})\.?[ /,.-]+([0-9]{4}|[0-9]{2})")
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_NOON = 12
_MIDNIGHTS = {"", "00:00", "00:00:00"}


def parse_date(text: str, order: Order | None = None) -> date:
    """Return the day that `text` names.

    `2026-11-25` and `25 Nov 2026` are always understood; `25/11/2026` only with `order`.
    A time of midnight, as spreadsheets and databases add it, is dropped. Two-digit years,
    only with `order`, are 1969 to 2068 (POSIX). ValueError with a sentence otherwise.
    """
    words, clock = _split(text)
    if re.sub(r"\.0+$", "", clock) not in _MIDNIGHTS:
        raise ValueError(
            _("“%(text)s” has a time of day; only the day belongs here, for instance 2026-11-25.")
            % {"text": text.strip()}
        )
    return _day(words, text, order)


def parse_datetime(text: str, zone: tzinfo, order: Order | None = None) -> datetime:
    """Return the aware moment that `text` names, in `zone` unless it carries its own offset.

    A moment that the clock change skips is refused; one that comes twice is the earlier.
    ValueError with a sentence.
    """
    words, clock = _split(text)
    if not clock:
        _day(words, text, order)  # a broken day is the better complaint
        raise ValueError(
            _("“%(text)s” has no time of day. Write it like 2026-11-25 17:00.") % {"text": words}
        )
    found = _CLOCK.fullmatch(clock)
    if not found:
        raise ValueError(
            _("The time in “%(text)s” is not understood. Write it like 2026-11-25 17:00.")
            % {"text": text.strip()}
        )
    local = datetime.combine(_day(words, text, order), _time(found, text))
    if found["offset"]:
        return local.replace(tzinfo=_offset(found["offset"], text)).astimezone(zone)
    return _existing(local.replace(tzinfo=zone), text)


def _split(text: str) -> tuple[str, str]:
    """Part the day from the clock."""
    words = re.sub(r"[\s\u00a0]+", " ", text).strip()
    if not words:
        raise ValueError(_("A date is missing here."))
    found = re.fullmatch(r"(.*?[0-9])(?:T|,? | at )([0-9]{1,2}:.*)", words)
    return (found[1], found[2].strip()) if found else (words, "")


def _day(words: str, text: str, order: Order | None) -> date:
    year, month, day = _parts(words, text, order)
    if not EARLIEST <= year <= LATEST:
        raise ValueError(
            _("The year of “%(text)s” is outside %(first)d to %(last)d.")
            % {"text": text.strip(), "first": EARLIEST, "last": LATEST}
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            _("There is no day “%(text)s” in the calendar. Check day and month.")
            % {"text": text.strip()}
        ) from None


def _parts(words: str, text: str, order: Order | None) -> tuple[int, int, int]:
    """Return year, month and day as written, not yet checked against the calendar."""
    if iso := _ISO.fullmatch(words):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if (named := _NAMED.fullmatch(words)) and named[2].lower() in _MONTHS:
        if len(named[3]) == len("2026") or order:
            return _year(named[3]), _MONTHS[named[2].lower()], int(named[1])
        raise ValueError(
            _("The year of “%(text)s” has two digits. Write all four, for instance 2026-11-25.")
            % {"text": text.strip()}
        )
    numeric = _NUMERIC.fullmatch(words)
    if not numeric:
        raise ValueError(
            _("“%(text)s” is not a date. Write it like 2026-11-25.") % {"text": text.strip()}
        )
    if not order:
        raise ValueError(
            _(
                "“%(text)s” can be read in two ways. Write it like 2026-11-25 (year-month-day), "
                "or state the order of day and month."
            )
            % {"text": text.strip()}
        )
    first, second = int(numeric[1]), int(numeric[2])
    day, month = (first, second) if order == "dmy" else (second, first)
    return _year(numeric[3]), month, day


def _year(digits: str) -> int:
    """Two digits are 1969 to 2068, as POSIX reads them."""
    pivot = 69
    if len(digits) == len("2026"):
        return int(digits)
    return int(digits) + (1900 if int(digits) >= pivot else 2000)


def _time(found: re.Match[str], text: str) -> time:
    hour = int(found["hour"])
    half = (found["half"] or "").lower()
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0) if 1 <= hour <= _NOON else 99
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise ValueError(
            _("There is no time of day like the one in “%(text)s”; hours go from 00 to 23.")
            % {"text": text.strip()}
        ) from None


def _offset(written: str, text: str) -> tzinfo:
    if written == "Z":
        return UTC
    sign = -1 if written[0] == "-" else 1
    digits = written[1:].replace(":", "")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if distance > timedelta(hours=14):
        raise ValueError(
            _("The offset %(offset)s of “%(text)s” does not exist; offsets go up to 14 hours.")
            % {"offset": written, "text": text.strip()}
        )
    return timezone(sign * distance)


def _existing(moment: datetime, text: str) -> datetime:
    """Refuse a moment that the change to summer time skips."""
    if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(fold=0) != moment.replace(fold=0):
        raise ValueError(
            _("“%(text)s” does not exist: the clocks are put forward over it. Choose another time.")
            % {"text": text.strip()}
        )
    return moment
