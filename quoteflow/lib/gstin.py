"""The Indian tax number: shape and check digit of a GSTIN (CGST Rules 2017, rule 10)."""

import re

from django.utils.translation import gettext as _

LENGTH = 15
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Fourth letter of a PAN: the kind of holder (association, body, company, firm, government, ...).
_PAN = re.compile(r"[A-Z]{3}[ABCEFGHJKLPT][A-Z][0-9]{4}[A-Z]")
STATES = {
    "01": "Jammu and Kashmir",
    "02": "Himachal Pradesh",
    "03": "Punjab",
    "04": "Chandigarh",
    "05": "Uttarakhand",
    "06": "Haryana",
    "07": "Delhi",
    "08": "Rajasthan",
    "09": "Uttar Pradesh",
    "10": "Bihar",
    "11": "Sikkim",
    "12": "Arunachal Pradesh",
    "13": "Nagaland",
    "14": "Manipur",
    "15": "Mizoram",
    "16": "Tripura",
    "17": "Meghalaya",
    "18": "Assam",
    "19": "West Bengal",
    "20": "Jharkhand",
    "21": "Odisha",
    "22": "Chhattisgarh",
    "23": "Madhya Pradesh",
    "24": "Gujarat",
    "25": "Daman and Diu",
    "26": "Dadra and Nagar Haveli and Daman and Diu",
    "27": "Maharashtra",
    "28": "Andhra Pradesh (before 2014)",
    "29": "Karnataka",
    "30": "Goa",
    "31": "Lakshadweep",
    "32": "Kerala",
    "33": "Tamil Nadu",
    "34": "Puducherry",
    "35": "Andaman and Nicobar Islands",
    "36": "Telangana",
    "37": "Andhra Pradesh",
    "38": "Ladakh",
    "97": "Other territory",
    "99": "Centre jurisdiction",
}


def check_gstin(text: str) -> str:
    """Return the GSTIN in capitals without spaces; ValueError says what is wrong with it."""
    gstin = re.sub(r"[\s\u00a0-]+", "", text).upper()
    if len(gstin) != LENGTH:
        raise ValueError(
            _("A GSTIN has 15 characters; “%(text)s” has %(count)d.")
            % {"text": gstin[:30], "count": len(gstin)}
        )
    for problem in (_shape_problem(gstin), _check_digit_problem(gstin)):
        if problem:
            raise ValueError(problem)
    return gstin


def state_code(gstin: str) -> str:
    """Return the two digits of the state of a checked GSTIN: `27` for Maharashtra."""
    return gstin[:2]


def pan(gstin: str) -> str:
    """Return the income tax number inside a checked GSTIN."""
    return gstin[2:12]


def _shape_problem(gstin: str) -> str:
    if gstin[:2] not in STATES:
        return _("“%(state)s” at the start of %(gstin)s is not a state code of India.") % {
            "state": gstin[:2],
            "gstin": gstin,
        }
    if not _PAN.fullmatch(pan(gstin)):
        return _(
            "Characters 3 to 12 of %(gstin)s are not a PAN: five letters, the fourth naming the "
            "kind of holder, then four digits and a letter."
        ) % {"gstin": gstin}
    if gstin[12] not in _DIGITS[1:]:
        return _(
            "Character 13 of %(gstin)s counts the registrations: a digit from 1 or a letter."
        ) % {"gstin": gstin}
    if gstin[13] != "Z":
        return _("Character 14 of %(gstin)s must be Z.") % {"gstin": gstin}
    return ""


def _check_digit_problem(gstin: str) -> str:
    if gstin[-1] == _check_digit(gstin[:-1]):
        return ""
    return _(
        "The last character of %(gstin)s does not match the rest, so one character is mistyped. "
        "Compare it with the registration certificate."
    ) % {"gstin": gstin}


def _check_digit(body: str) -> str:
    """Luhn's method in base 36: weights 1 and 2 by turns, digits of each product added."""
    base = len(_DIGITS)
    total = 0
    for position, character in enumerate(body):
        product = _DIGITS.index(character) * (2 if position % 2 else 1)
        total += sum(divmod(product, base))
    return _DIGITS[-total % base]
