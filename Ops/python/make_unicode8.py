#!/usr/bin/env python3
"""Writes millrace/unicode8.py: the code points that Unicode 8.0 knows, from ICU's ages.

The vocabularies of BERT were made with the categories of Unicode 8.0, and Python tells no character's
age. Needs libicuuc (Debian: libicu-dev), which building Millrace needs too.
"""

import ctypes
import glob
import pathlib
import re
import sys


def ages() -> list[bool]:
    """For each code point whether it was assigned in Unicode 8.0 or before."""
    paths = sorted(glob.glob("/usr/lib/*/libicuuc.so.*[0-9]"), key=len)
    if not paths:
        sys.exit("make_unicode8.py: no libicuuc here; type: apt-get install libicu-dev")
    version = re.search(r"\.so\.(\d+)", paths[0])
    library = ctypes.CDLL(paths[0])
    char_age = getattr(library, f"u_charAge_{version.group(1) if version else ''}")
    char_age.restype = None
    buffer = (ctypes.c_uint8 * 4)()
    known = []
    for point in range(0x110000):
        char_age(point, buffer)
        age = (buffer[0], buffer[1])
        known.append((0, 0) < age <= (8, 0))
    return known


def ranges(known: list[bool]) -> list[tuple[int, int]]:
    """First and last of each run."""
    found = []
    start = None
    for point, is_known in enumerate([*known, False]):
        if is_known and start is None:
            start = point
        elif not is_known and start is not None:
            found.append((start, point - 1))
            start = None
    return found


def text(runs: list[tuple[int, int]]) -> str:
    """The module: gaps and lengths in base 36, alternating, six dozen characters a line."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"

    def base36(number: int) -> str:
        out = ""
        while True:
            number, rest = divmod(number, 36)
            out = digits[rest] + out
            if number == 0:
                return out

    numbers = []
    end = 0
    for first, last in runs:
        numbers += [base36(first - end), base36(last + 1 - first)]
        end = last + 1
    lines, line = [], ""
    for number in numbers:
        if len(line) + len(number) + 1 > 96:
            lines.append(line)
            line = ""
        line += ("" if line == "" else " ") + number
    lines.append(line)
    body = "\n".join(lines)
    return (
        '"""The code points that Unicode 8.0 knows. Made by make_unicode8.py; do not edit."""\n\n'
        "# Gap and length of each run, in base 36.\n"
        f'RUNS = """\n{body}\n"""\n'
    )


if __name__ == "__main__":
    target = pathlib.Path(__file__).parent / "millrace" / "unicode8.py"
    target.write_text(text(ranges(ages())), encoding="ascii")
