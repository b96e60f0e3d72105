"""Dates of documents: `Records/DocumentDate.swift`."""

from __future__ import annotations

import re
from typing import Mapping

# The date of a document without one.
NO_DATE = -(1 << 63)
_YEAR = re.compile("[0-9]{4}")
# What stands before each part that may follow, and the part.
_PARTS = [re.compile(before + "([0-9]{2})") for before in ("-", "-", "[Tt ]", ":", ":")]
_SEPARATORS = ("-", "-", "Tt ", ":", ":")
_FRACTION = re.compile("[.][0-9]*")
_ZONE = re.compile("|[Zz]|([+-])([0-9]{2}):?([0-9]{2})|([+-])([0-9]{2}):?")


def seconds_of(text: str) -> int | None:
    """Seconds since 1970 of `2024`, `2024-05-31` or `2024-05-31T14:05:00+02:00`; UTC where no zone is said."""
    year = _YEAR.match(text)
    if year is None:
        return None
    parts, place = [int(year[0]), 1, 1, 0, 0, 0], 4
    for number, (pattern, separators) in enumerate(zip(_PARTS, _SEPARATORS), start=1):
        if text[place : place + 1] not in tuple(separators):
            break
        part = pattern.match(text, place)
        if part is None:
            return None
        parts[number], place = int(part[1]), part.end()
    fraction = _FRACTION.match(text, place)
    zone = _ZONE.fullmatch(text, fraction.end() if fraction else place)
    if zone is None:
        return None
    if parts[0] == 0 or not 1 <= parts[1] <= 12 or not 1 <= parts[2] <= 31:
        return None
    if parts[3] >= 25 or parts[4] >= 60 or parts[5] >= 61:
        return None
    offset = int(zone[2] or zone[5] or 0) * 3600 + int(zone[3] or 0) * 60
    if "-" in (zone[1], zone[4]):
        offset = -offset
    return _days(*parts[:3]) * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5] - offset


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970 in the Gregorian calendar; a day that its month has not is one of the next."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def date_of(metadata: Mapping[str, str]) -> int:
    """When a document was changed, else published; NO_DATE where neither is a date."""
    for key in ("modified", "published"):
        found = seconds_of(metadata[key]) if key in metadata else None
        if found is not None:
            return found
    return NO_DATE
