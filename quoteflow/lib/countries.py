"""Countries of ISO 3166: their codes and the names people write."""

import csv
import re
import unicodedata
from pathlib import Path

from django.utils.translation import gettext as _

# Names in daily use that the standard does not list.
_ALIASES = {
    "UK": "GB",
    "Great Britain": "GB",
    "Britain": "GB",
    "England": "GB",
    "Scotland": "GB",
    "Wales": "GB",
    "Northern Ireland": "GB",
    "America": "US",
    "U.S. of America": "US",
    "UAE": "AE",
    "Emirates": "AE",
    "Holland": "NL",
    "The Netherlands": "NL",
    "Korea": "KR",
    "South Korea": "KR",
    "North Korea": "KP",
    "Vietnam": "VN",
    "Russia": "RU",
    "Ivory Coast": "CI",
    "Czech Republic": "CZ",
    "Turkey": "TR",
    "Burma": "MM",
    "Swaziland": "SZ",
    "Macedonia": "MK",
    "Cape Verde": "CV",
    "East Timor": "TL",
    "Laos": "LA",
    "Syria": "SY",
    "Iran": "IR",
    "Bolivia": "BO",
    "Venezuela": "VE",
    "Tanzania": "TZ",
    "Moldova": "MD",
    "Brunei": "BN",
    "Palestine": "PS",
    "Hong Kong": "HK",
    "Macau": "MO",
    "Macao": "MO",
    "Bharat": "IN",
    "Republic of India": "IN",
    "Deutschland": "DE",
    "KSA": "SA",
    "PRC": "CN",
    "Democratic Republic of Congo": "CD",
    "DR Congo": "CD",
    "Congo": "CG",
}


def _normalised(text: str) -> str:
    """Fold case, accents and punctuation, so that “Côte d’Ivoire” and “COTE D'IVOIRE” meet."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare.replace("&", "and")).casefold()


def _load() -> tuple[dict[str, str], dict[str, str]]:
    path = Path(__file__).with_name("data") / "iso3166.csv"
    names: dict[str, str] = {}
    known: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            code = row["alpha2"]
            names[code] = row["name"]
            for text in (row["name"], *row["other_names"].split(";")):
                known.setdefault(_normalised(text), code)
            known |= {_normalised(code): code, _normalised(row["alpha3"]): code}
    known |= {_normalised(alias): code for alias, code in _ALIASES.items()}
    known.pop("", None)
    return names, known


# Alpha-2 code to English name, and every known way to write a country to its code.
NAMES, _KNOWN = _load()


def country_code(text: str) -> str:
    """Return the alpha-2 code of a country given by code, name or usual alias.

    ValueError with a sentence when it is not known.
    """
    code = _KNOWN.get(_normalised(text))
    if code is None:
        raise ValueError(
            _("“%(text)s” is not a country. Write its name or its ISO code, for instance IN.")
            % {"text": text.strip()}
        )
    return code
