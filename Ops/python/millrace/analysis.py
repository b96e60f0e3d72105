"""Turns the text of a query into the terms that BM25 counts, as `Text/Analysis` of the program does.

A term is a lower-cased run of letters, numbers, `_` and marks, its Latin letters without diacritics;
words of three or more ASCII letters are stemmed as English, in a text of a language with inflections of
its own words of letters by those; scripts without spaces give each pair of neighbouring characters. Beside a
compound, an identifier or a number stand its other spellings, which a length does not count.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Sequence

from .light_stemmer import LightStemmer
from .parameters import COMPOUND_PARTS_MAX, INFLECTED_BYTES_MIN, NUMBER_DIGITS_MIN, TERM_BYTES_MAX, UNIT_LETTERS_MIN
from .stemmer import stem

_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x19E0, 0x19FF), (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)

# For each character from U+00DF and from U+1E00 its letter, `-` for none (Text/Analysis/LatinFolding.swift).
_EXTENDED = (
    "-aaaaaa-ceeeeiiii-nooooo-ouuuuy-yaaaaaaccccccccdd-deeeeeeeeeeggg"
    "ggggghh-hiiiiiiiiii--jjkkkllllll---lnnnnnn---oooooo--rrrrrrsssss"
    "ssstttt-tuuuuuuuuuuuuwwyyyzzzzzzsb------------------------------"
    "-oo-------------uu----------------------------aaiioouuuuuuuuuu-a"
    "aaa----ggkkoooo--j---gg--nnaa----aaaaeeeeiiiioooorrrruuuusstt--h"
    "h------aaeeooooooooyy----------------------------"
)
_ADDITIONAL = (
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy-s----aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy------"
)
_PAIRS = {
    # Ligatures; digits above and below the line.
    0xFB00: b"ff", 0xFB01: b"fi", 0xFB02: b"fl", 0xFB03: b"ffi", 0xFB04: b"ffl", 0xFB05: b"st", 0xFB06: b"st",
    0xB2: b"2", 0xB3: b"3", 0xB9: b"1", 0x2070: b"0",
    **{0x2070 + digit: b"%d" % digit for digit in range(4, 10)},
    **{0x2080 + digit: b"%d" % digit for digit in range(10)},
    0xDF: b"ss", 0x1E9E: b"ss", 0xE6: b"ae", 0xF0: b"d", 0xFE: b"th", 0x133: b"ij", 0x153: b"oe",
}

# What a letter of another script is searched as; marks that are left out.
_OTHERS = {
    0xB5: 0x3BC, 0x390: 0x3B9, 0x3AC: 0x3B1, 0x3AD: 0x3B5, 0x3AE: 0x3B7, 0x3AF: 0x3B9,
    0x3B0: 0x3C5, 0x3C2: 0x3C3, 0x3CA: 0x3B9, 0x3CB: 0x3C5, 0x3CC: 0x3BF, 0x3CD: 0x3C5,
    0x3CE: 0x3C9, 0x450: 0x435, 0x451: 0x435, 0x45D: 0x438, 0x622: 0x627, 0x623: 0x627,
    0x625: 0x627, 0x629: 0x647, 0x649: 0x64A, 0x671: 0x627, 0x6A9: 0x643, 0x6CC: 0x64A,
}
_DROPPED = ((0x300, 0x36F), (0x591, 0x5C7), (0x64B, 0x652), (0x670, 0x670))
_TATWEEL = 0x640

_WORD_ASCII = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_LETTERS = _UPPER | _LOWER
_DIGITS = frozenset("0123456789")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"}
_HYPHENS = "\u2010\u2011"
# Languages whose `ä`, `ö` and `ü` nobody writes with an `e`.
_WITHOUT_UMLAUTS = frozenset("az et fi fr es hu nl pt ro sv tr".split())
_NAME_OPENERS = frozenset("([\"'`/*")


class _Facts:
    """What the rules need to know of a character beyond ASCII."""

    __slots__ = ("is_mark", "is_unspaced", "is_word", "piece")

    def __init__(self, character: str) -> None:
        point = ord(character)
        category = unicodedata.category(character)
        self.is_mark = category in ("Mn", "Mc", "Me")
        is_number = unicodedata.numeric(character, None) is not None
        self.is_word = category in ("Lu", "Ll", "Lt", "Lm", "Lo") or (
            not self.is_mark and is_number
        )
        self.is_unspaced = any(low <= point <= high for low, high in _UNSPACED)
        # What it adds to a word: bytes, each of them by itself, or one scalar as a whole.
        self.piece: tuple[bytes, bool]
        if self.is_mark:
            is_dropped = any(low <= point <= high for low, high in _DROPPED)
            self.piece = (b"" if is_dropped else character.encode(), True)
        elif point == _TATWEEL:
            self.piece = (b"", False)
        elif point == 0x130:
            self.piece = (b"i", False)
        else:
            lowered = character.lower()
            plain = lowered if len(lowered) == 1 else character
            letters = _folded(ord(plain))
            other = chr(_OTHERS.get(ord(plain), ord(plain)))
            self.piece = (other.encode(), True) if letters is None else (letters, False)


def _folded(point: int) -> bytes | None:
    if 0xDF <= point < 0x250:
        letter = _EXTENDED[point - 0xDF]
    elif 0x1E00 <= point < 0x1F00:
        letter = _ADDITIONAL[point - 0x1E00]
    elif 0xFF10 <= point <= 0xFF19 or 0xFF41 <= point <= 0xFF5A:
        return bytes([point - 0xFEE0])
    else:
        return _PAIRS.get(point)
    return _PAIRS.get(point) if letter == "-" else letter.encode()


_facts = lru_cache(maxsize=1 << 12)(_Facts)


class _Word:
    """The word being read: at most 64 bytes, cut between two characters."""

    __slots__ = ("content", "has_sign", "is_full", "is_lower_ascii")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.content = bytearray()
        self.is_full = False
        self.is_lower_ascii = True
        self.has_sign = False

    @property
    def is_letters(self) -> bool:
        return self.is_lower_ascii and len(self.content) > 0

    @property
    def is_of_letters(self) -> bool:
        """Letters and marks of whatever script: no ASCII digit, sign or `_`, in what found no room neither."""
        return not self.has_sign

    @property
    def is_digits(self) -> bool:
        return len(self.content) > 0 and all(0x30 <= byte < 0x3A for byte in self.content)

    def add_byte(self, byte: int) -> None:
        if self.is_full or len(self.content) >= TERM_BYTES_MAX:
            return
        self.content.append(byte)
        if not 0x61 <= byte <= 0x7A:
            self.is_lower_ascii = False
        if byte < 0x61:
            self.has_sign = True

    def add_run(self, lowered: str) -> None:
        """Characters of a run of ASCII word characters; what finds no room still tells its kind."""
        room = 0 if self.is_full else TERM_BYTES_MAX - len(self.content)
        self.content += lowered[:room].encode()
        if not (lowered.isalpha()):
            self.is_lower_ascii = False
            self.has_sign = True

    def add_scalar(self, encoded: bytes) -> None:
        if self.is_full:
            return
        if len(self.content) + len(encoded) > TERM_BYTES_MAX:
            self.is_full = True
            return
        self.is_lower_ascii = False
        self.content += encoded

    def add(self, facts: _Facts) -> None:
        piece, is_scalar = facts.piece
        if facts.is_mark:
            if piece and len(self.content) > 0:
                self.add_scalar(piece)
        elif is_scalar:
            self.add_scalar(piece)
        else:
            for byte in piece:
                self.add_byte(byte)


class _Analysis:
    """One text on its way to its terms."""

    def __init__(
        self,
        text: str,
        inflections: LightStemmer | None = None,
        is_ordered: bool = False,
        is_placed: bool = False,
    ) -> None:
        self.text = text
        self.inflections = inflections
        self.terms: dict[bytes, int] = {}
        # Which words of the text each term is, where that is asked for.
        self.places: dict[bytes, list[int]] | None = {} if is_placed else None
        # The terms in the order of the text, where that is asked for.
        self.sequence: list[tuple[bytes, int | None]] | None = [] if is_ordered else None
        self.length = 0
        self.word = _Word()
        self.other = _Word()
        self.word_start = 0
        self.compound_start: int | None = None
        self.dotted_start: int | None = None
        self.has_umlaut = False
        # The last character of a run of unspaced script, and whether it has made a pair.
        self.pair_last = ""
        self.is_paired = False

    def run(self) -> None:
        text, count = self.text, len(self.text)
        offset = 0
        while offset < count:
            character = text[offset]
            if character in _WORD_ASCII:
                self.end_unspaced()
                if not self.word.content:
                    self.word_start = offset
                offset = self.add_run(offset)
            elif character < "\x80":
                self.end_unspaced()
                if character in "-.+#":
                    offset = self.end_at_sign(offset)
                else:
                    if character in ",'" and self.word.is_digits:
                        self.add_grouped_number(offset)
                    self.end_at(offset)
                    offset += 1
            elif character in _HYPHENS:
                self.end_unspaced()
                self.end_at_joint(offset)
                offset += 1
            else:
                facts = _facts(character)
                if not self.word.content:
                    self.word_start = offset
                if facts.is_unspaced or not (facts.is_word or facts.is_mark):
                    self.end_at(offset)
                elif character in _UMLAUTS:
                    self.has_umlaut = True
                self.add(character, facts)
                offset += 1
        self.end_at(offset)
        self.end_unspaced()

    def add_run(self, start: int) -> int:
        text, count = self.text, len(self.text)
        end = start + 1
        while end < count and text[end] in _WORD_ASCII:
            end += 1
        run = text[start:end]
        self.word.add_run(run.lower())
        if self.has_marks(run, end):
            self.add_parts(run)
        return end

    def has_marks(self, run: str, end: int) -> bool:
        """Whether the program looks for parts: by a capital or `_` behind the first character, or by
        what follows where that has the bit that tells small letters from capitals."""
        if any(character in _UPPER or character == "_" for character in run[1:]):
            return True
        if end == len(self.text):
            return False
        following = self.text[end]
        first_byte = following.encode()[0]
        table = 0xFF if first_byte >= 0x80 else 0
        return (table ^ first_byte) & 0x20 != 0

    def add(self, character: str, facts: _Facts) -> None:
        if not (facts.is_word or facts.is_mark):
            self.end_unspaced()
        elif facts.is_unspaced:
            if self.pair_last:
                self.word.add_scalar(self.pair_last.encode())
                self.word.add_scalar(character.encode())
                self.end_word(self.word)
                self.is_paired = True
            self.pair_last = character
        else:
            self.end_unspaced()
            self.word.add(facts)

    def end_unspaced(self) -> None:
        if not self.pair_last:
            return
        if not self.is_paired:
            self.word.add_scalar(self.pair_last.encode())
            self.end_word(self.word)
        self.pair_last = ""
        self.is_paired = False

    def end_word(self, word: _Word, is_counted: bool = True) -> None:
        if not word.content:
            return
        term = bytes(word.content)
        light = self.inflections
        if (
            light is not None
            and word.is_of_letters
            and len(term) >= INFLECTED_BYTES_MIN
            and len(term) + len(light.prefix) <= TERM_BYTES_MAX
        ):
            term = light.name(term.decode())
        elif word.is_letters and len(term) >= 3:
            term = stem(term.decode()).encode()
        if self.sequence is not None:
            self.sequence.append((term, self.length if is_counted else None))
        self.terms[term] = self.terms.get(term, 0) + 1
        if self.places is not None:
            self.places.setdefault(term, []).append(self.length)
        if is_counted:
            self.length += 1
        word.clear()

    def end_other(self) -> None:
        self.end_word(self.other, is_counted=False)

    def end_at(self, offset: int) -> None:
        if self.dotted_start is not None:
            self.end_dotted()
        self.add_spellings(offset)
        self.end_word(self.word)
        if self.compound_start is not None:
            self.end_compound(offset)

    def end_at_sign(self, offset: int) -> int:
        """Ends the word before the sign; where to read on."""
        text, sign = self.text, self.text[offset]
        if not self.word.content:
            self.end_at(offset)
            if sign == "." and _starts_name(text, offset):
                self.dotted_start = offset + 1
            return offset + 1
        if sign in "+#":
            end = _name_end(text, offset)
            if end is not None and self.word.is_letters:
                self.add_name(sign, end - offset)
                self.end_at(offset)
                return end
            self.end_at(offset)
            return offset + 1
        if sign == "." and len(self.word.content) == 1 and self.word.is_letters:
            if self.compound_start is None:
                end = _abbreviation_end(text, self.word_start)
                if end is not None:
                    letters = text[self.word_start : end].replace(".", "").lower()
                    self.word.clear()
                    for byte in letters.encode():
                        self.word.add_byte(byte)
                    self.end_at(end)
                    return end
        self.end_at_joint(offset)
        return offset + 1

    def end_at_joint(self, offset: int) -> None:
        """Ends the word before a hyphen or full stop, with which a compound may go on."""
        following = self.text[offset + 1 : offset + 2]
        goes_on = following in _WORD_ASCII if following < "\x80" else True
        if not self.word.content or not following or not goes_on:
            self.end_at(offset)
            return
        if self.text[offset] == "." and self.word.is_digits:
            self.add_grouped_number(offset)
        if self.dotted_start is not None:
            self.end_dotted()
        self.add_spellings(offset)
        self.end_word(self.word)
        if self.compound_start is None:
            self.compound_start = self.word_start

    def add_spellings(self, end: int) -> None:
        """The other spellings of the word that ends at `end`, where it has any."""
        word = self.word.content
        if len(word) > 3 and word.startswith(b"0x"):
            self.add_bytes(bytes(word[2:]))
        elif len(word) > 1 and _is_digit(word[0]) != _is_digit(word[-1]):
            self.add_unit(bytes(word))
        if self.has_umlaut:
            self.add_umlauts(end)

    def add_unit(self, word: bytes) -> None:
        begins_with_digit = _is_digit(word[0])
        boundary = next(i for i, byte in enumerate(word) if _is_digit(byte) != begins_with_digit)
        first, rest = word[:boundary], word[boundary:]
        letters = rest if begins_with_digit else first
        if any(_is_digit(byte) == begins_with_digit for byte in rest):
            return
        if len(letters) < UNIT_LETTERS_MIN or b"_" in letters or len(word) >= TERM_BYTES_MAX:
            return
        self.add_bytes(first)
        if begins_with_digit or len(rest) >= NUMBER_DIGITS_MIN:
            self.add_bytes(rest)

    def add_bytes(self, part: bytes) -> None:
        self.other.clear()
        for byte in part:
            self.other.add_byte(byte)
        self.end_other()

    def add_grouped_number(self, offset: int) -> None:
        """The number, without separators, whose first group ends at `offset`."""
        text, start, separator = self.text, self.word_start, self.text[offset]
        is_group = start >= 2 and text[start - 1] == separator and text[start - 2] in _DIGITS
        if not 1 <= offset - start <= 3 or is_group:
            return
        end = offset
        while (
            text[end : end + 1] == separator
            and len(text) > end + 3
            and all(character in _DIGITS for character in text[end + 1 : end + 4])
            and text[end + 4 : end + 5] not in _LETTERS | _DIGITS
        ):
            end += 4
        if (end - offset) // 4 < (2 if separator == "." else 1):
            return
        self.other.clear()
        for character in text[start:end].replace(separator, ""):
            self.other.add_byte(ord(character))
        if len(self.other.content) < TERM_BYTES_MAX:
            self.end_other()

    def add_umlauts(self, end: int) -> None:
        """The spelling with `ae`, `oe` and `ue` of the word that ends at `end`."""
        self.has_umlaut = False
        light = self.inflections
        if light is not None and self.sequence is None and light.language in _WITHOUT_UMLAUTS:
            return
        self.other.clear()
        for character in self.text[self.word_start : end]:
            for piece in _UMLAUTS.get(character, character):
                if piece in _WORD_ASCII:
                    self.other.add_byte(ord(piece.lower()))
                else:
                    self.other.add(_facts(piece))
        if not self.other.is_full and len(self.other.content) < TERM_BYTES_MAX:
            self.end_other()

    def add_name(self, sign: str, count: int) -> None:
        if len(self.word.content) == 1:
            for _ in range(count):
                self.word.add_byte(ord(sign))
            return
        self.copy_word(b"", sign.encode() * count)
        self.end_other()

    def copy_word(self, before: bytes, after: bytes) -> None:
        self.other.clear()
        for byte in before + bytes(self.word.content) + after:
            self.other.add_byte(byte)

    def end_dotted(self) -> None:
        start, self.dotted_start = self.dotted_start, None
        if start == self.word_start and self.word.is_letters:
            self.copy_word(b".", b"")
            self.end_other()

    def end_compound(self, end: int) -> None:
        start, self.compound_start = self.compound_start or 0, None
        self.other.clear()
        joints = stops = last_part = 0
        for character in self.text[start:end]:
            if character in _WORD_ASCII:
                self.other.add_byte(ord(character.lower()))
            elif character < "\x80" or character in _HYPHENS:
                joints += 1
                stops += character == "."
                last_part = len(self.other.content)
            else:
                self.other.add(_facts(character))
        size = len(self.other.content)
        if self.other.is_full or size >= TERM_BYTES_MAX:
            return
        if stops == 0:
            is_joined = 1 <= joints < COMPOUND_PARTS_MAX
        else:
            is_joined = (
                joints == 1
                and self.other.is_letters
                and last_part >= 2
                and 2 <= size - last_part <= 4
            )
        if is_joined:
            self.end_other()

    def add_parts(self, run: str) -> None:
        start = 0
        for index, character in enumerate(run):
            if character == "_":
                self.add_part(run, start, index)
                start = index + 1
            elif (
                index > start
                and character in _UPPER
                and (run[index - 1] in _LOWER or run[index + 1 : index + 2] in _LOWER)
            ):
                self.add_part(run, start, index)
                start = index
        self.add_part(run, start, len(run))

    def add_part(self, run: str, start: int, end: int) -> None:
        if end - start < 2 or end - start >= len(run):
            return
        self.other.clear()
        for byte in run[start:end].lower().encode():
            self.other.add_byte(byte)
        self.end_other()


def _is_digit(byte: int) -> bool:
    return 0x30 <= byte < 0x3A


def _is_word_at(text: str, index: int) -> bool:
    return index < len(text) and (text[index] in _WORD_ASCII or text[index] >= "\x80")


def _starts_name(text: str, index: int) -> bool:
    """Whether the full stop at `index` begins a name: after nothing, white space or an opener."""
    if text[index + 1 : index + 2] not in _LETTERS:
        return False
    return index == 0 or text[index - 1] <= " " or text[index - 1] in _NAME_OPENERS


def _name_end(text: str, index: int) -> int | None:
    """Where `++` or `#` at `index` ends, when it belongs to the word before it."""
    if text[index] == "#":
        is_free = text[index + 1 : index + 2] != "#"
        return index + 1 if is_free and not _is_word_at(text, index + 1) else None
    if text[index + 1 : index + 2] != "+":
        return None
    return index + 2 if text[index + 2 : index + 3] != "+" else None


def _abbreviation_end(text: str, start: int) -> int | None:
    """Where letters with a full stop after each end: `U.S.A.`, `I.B.M`, `p.m.`"""
    letters, index = 0, start
    while index < len(text) and text[index] in _LETTERS and not _is_word_at(text, index + 1):
        letters += 1
        index += 1
        if text[index : index + 1] != ".":
            return index if letters >= 3 else None
        index += 1
    return index if letters >= 2 and not _is_word_at(text, index) else None


def analyze(text: str, inflections: LightStemmer | None = None) -> tuple[dict[bytes, int], int]:
    """The terms of a text with how often each occurs, by ascending bytes, and its length."""
    analysis = _Analysis(text, inflections)
    analysis.run()
    return dict(sorted(analysis.terms.items())), analysis.length


def term_places(text: str, inflections: LightStemmer | None = None) -> dict[bytes, list[int]]:
    """Which words of a text each term is; another spelling has the place of the word that comes next."""
    analysis = _Analysis(text, inflections, is_placed=True)
    analysis.run()
    return analysis.places or {}


def word_forms(text: str, languages: Sequence[LightStemmer]) -> list[list[bytes]]:
    """The words of a text in its order, each as no language and then as each of `languages` has it."""
    return [forms for _, forms in word_places(text, languages)]


def word_places(text: str, languages: Sequence[LightStemmer]) -> list[tuple[int | None, list[bytes]]]:
    """The same with which word of the text each is; None for another spelling of one."""
    forms = []
    for inflections in (None, *languages):
        analysis = _Analysis(text, inflections, is_ordered=True)
        analysis.run()
        forms.append(analysis.sequence or [])
    return [(word[0][1], [term for term, _ in word]) for word in zip(*forms)]


def plain_words(text: str, joins: bool = False) -> bytes:
    """The words in their order, not stemmed, a space before each and one at the end; none for no words.

    Of a script written without spaces each character is one, side by side with `joins`
    (Text/Analysis/PlainWords.swift).
    """
    words = bytearray()
    last = ""
    for character in text:
        facts = _facts(character)
        is_word = facts.is_word or character == "_"
        if not (is_word or facts.is_mark):
            last = ""
            continue
        place = "unspaced" if facts.is_unspaced else "word"
        if not (last == place and (place == "word" or joins)):
            if facts.is_mark and not is_word:
                continue
            words += b" "
        words += facts.piece[0]
        last = place
    return bytes(words + b" " if words else words)
