"""BERT's uncased WordPiece tokeniser, as `Embedding/WordPieceTokenizer.swift` has it: ids only.

Source: Devlin et al., BERT (2019); google-research/bert `tokenization.py`. Categories and
decompositions are those of Unicode 8.0, with which the vocabularies were made.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from .errors import ModelError
from .parameters import WORD_CHARACTERS_MAX
from .unicode8 import RUNS

_REMOVED, _MARK, _SPACE, _ISOLATED, _WORD = range(5)
_SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B81F),
    (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)
# Put into another category since Unicode 8.0.
_MOVED = {
    0x166D: "Po", 0x111C9: "Po", 0x1734: "Mn", 0x1171E: "Mn", 0x1885: "Lo", 0x1886: "Lo",
    0xA9BD: "Mc",
}


def _runs() -> tuple[list[int], list[int]]:
    starts, ends, end = [], [], 0
    numbers = [int(number, 36) for number in RUNS.split()]
    for gap, length in zip(numbers[::2], numbers[1::2]):
        starts.append(end + gap)
        end += gap + length
        ends.append(end)
    return starts, ends


_STARTS, _ENDS = _runs()


def _is_known(point: int) -> bool:
    """Whether Unicode 8.0 has the character."""
    index = bisect_right(_STARTS, point) - 1
    return index >= 0 and point < _ENDS[index]


def _category(character: str) -> str:
    point = ord(character)
    moved = _MOVED.get(point)
    if moved is not None:
        return moved
    return unicodedata.category(character) if _is_known(point) else "Cn"


def _is_punctuation(character: str) -> bool:
    if character < "\x80":
        return "!" <= character <= "/" or ":" <= character <= "@" or "[" <= character <= "`" or (
            "{" <= character <= "~"
        )
    return _category(character)[0] == "P"


def _lowered(character: str) -> str:
    return character if _category(character) == "Lo" else character.lower()


@lru_cache(maxsize=1 << 13)
def _entry(character: str) -> tuple[int, str]:
    """The class of a character and what it becomes."""
    point = ord(character)
    is_ideograph = any(low <= point <= high for low, high in _IDEOGRAPHS)
    if is_ideograph and point < 0xF900 or is_ideograph and 0x20000 <= point < 0x2F800:
        return _ISOLATED, character
    if 0xE000 <= point <= 0xF8FF or 0xF0000 <= point <= 0xFFFFD or 0x100000 <= point <= 0x10FFFD:
        return _REMOVED, ""
    if 0x20000 <= point <= 0x2F7FF or 0x2FA20 <= point <= 0xDFFFF or point >= 0xE0200:
        return _WORD, character
    category = _category(character)
    if category == "Cc" and character not in "\t\n\r":
        return _REMOVED, ""
    if category in ("Cf", "Co", "Cs") or point == 0xFFFD:
        return _REMOVED, ""
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return _SPACE, ""
    output = _stripped(character, category)
    if not output:
        return _MARK, ""
    is_alone = is_ideograph or (len(output) == 1 and _is_punctuation(output))
    return (_ISOLATED if is_alone else _WORD), output


def _stripped(character: str, category: str) -> str:
    parts = unicodedata.normalize("NFD", character) if category != "Cn" else character
    if parts == character:
        return "" if category == "Mn" else _lowered(character)
    return "".join(_lowered(part) for part in parts if _category(part) != "Mn")


class WordPiece:
    """A vocabulary, and texts as its ids."""

    def __init__(self, vocabulary: bytes, matches_specials: bool = True) -> None:
        self.identity = "wordpiece:" + hashlib.sha256(vocabulary).hexdigest()
        if not matches_specials:
            self.identity += ":plain"
        try:
            lines = vocabulary.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise ModelError("vocab.txt is not UTF-8; type: Ops/fetch-models") from None
        if lines and lines[-1] == "":
            lines.pop()
        pieces = [line[:-1] if line.endswith("\r") else line for line in lines]
        self.size = len(pieces)
        lengths = sorted(len(piece) for piece in pieces)
        if not lengths:
            raise ModelError("vocab.txt is empty; type: Ops/fetch-models")
        middle = len(lengths)
        self.piece_length_median = (lengths[(middle - 1) // 2] + lengths[middle // 2]) // 2
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        unknown = self._ids.get("[UNK]")
        if unknown is None:
            raise ModelError("vocab.txt has no [UNK]")
        self.unknown_id = unknown
        self._longest = lengths[-1]
        self._specials = [name for name in _SPECIALS if matches_specials and name in self._ids]
        self._cache: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        """The ids of `text`: nothing added, nothing cut."""
        ids: list[int] = []
        word: list[str] = []
        size = 0
        index = 0
        while index < len(text):
            character = text[index]
            kind, output = _entry(character)
            if kind == _WORD:
                word.append(output)
                size += len(output)
            elif kind in (_SPACE, _ISOLATED):
                if word:
                    ids += self._pieces("".join(word), size)
                    word, size = [], 0
                if kind == _ISOLATED:
                    special = self._special(text, index)
                    if special is not None:
                        ids.append(self._ids[special])
                        index += len(special)
                        continue
                    ids += self._pieces(output, len(output))
            index += 1
        if word:
            ids += self._pieces("".join(word), size)
        return ids

    def _special(self, text: str, index: int) -> str | None:
        if text[index] != "[":
            return None
        return next((name for name in self._specials if text.startswith(name, index)), None)

    def _pieces(self, word: str, size: int) -> list[int]:
        """Greedy, longest match first; one unknown token where a part is in no piece.

        A number sign is a word of its own, so no word begins as a continuation (`##`) does.
        """
        if size > WORD_CHARACTERS_MAX:
            return [self.unknown_id]
        known = self._cache.get(word)
        if known is None:
            known = self._split(word)
            if len(self._cache) < 1 << 16:
                self._cache[word] = known
        return known

    def _split(self, word: str) -> list[int]:
        ids, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            end = min(len(word), start + self._longest)
            while end > start:
                piece = prefix + word[start:end]
                if piece in self._ids:
                    break
                end -= 1
            if end == start:
                return [self.unknown_id]
            ids.append(self._ids[piece])
            start = end
        return ids
