"""The part of a text that shows best why it was found (Search/Snippet.swift)."""

from __future__ import annotations

from typing import Mapping

from .analysis import analyze
from .light_stemmer import LightStemmer
from .parameters import SNIPPET_BYTES_MAX, SNIPPET_LEAD_BYTES

_ELLIPSIS = "…".encode()
_SPACES = frozenset(b" \t\n\v\f\r")
_WORD_BYTES_MAX = 48


def snippet(
    text: str, weights: Mapping[bytes, float], inflections: LightStemmer | None = None
) -> str:
    """At most 240 bytes, of whole sentences where they are short enough, else of whole words; white space collapsed.

    `inflections` are those of the text's language.
    """
    data = text.encode()
    room = SNIPPET_BYTES_MAX - 2 * len(_ELLIPSIS)
    start = _start(data, room, _occurrences(data, weights, inflections), weights)
    end = _end(data, start, room)
    shown = _collapsed(data[start:end])
    return (
        (_ELLIPSIS if start > 0 else b"") + shown + (_ELLIPSIS if end < len(data) else b"")
    ).decode("utf-8", "replace")


def _start(
    data: bytes, room: int, found: list[tuple[int, int, bytes]], weights: Mapping[bytes, float]
) -> int:
    best_start, best_weight = 0, 0.0
    for index, (start, _, _) in enumerate(found):
        seen: set[bytes] = set()
        weight = 0.0
        for _, end, term in found[index:]:
            if end > start + room - SNIPPET_LEAD_BYTES:
                break
            if term not in seen:
                seen.add(term)
                weight += weights.get(term, 0.0)
        if weight > best_weight:
            best_start, best_weight = start, weight
    near = best_start - SNIPPET_LEAD_BYTES
    sentence = _sentence_start(data, near, best_start)
    return _word_start(data, near, best_start) if sentence is None else sentence


def _sentence_start(data: bytes, position: int, limit: int) -> int | None:
    """Where the sentence of the byte at `limit` starts, unless that is before `position`."""
    if position <= 0:
        return 0
    for index in range(max(position, limit), position - 1, -1):
        if data[index - 1] in _SPACES and data[index] not in _SPACES and _ends_sentence(data[:index]):
            return index
    return None


def _ends_sentence(text: bytes) -> bool:
    rest = text.rstrip(b" \t\n\v\f\r")
    return not rest or rest[-1:] in (b".", b"!", b"?") or text.endswith(b"\n\n")


def _occurrences(
    data: bytes, weights: Mapping[bytes, float], inflections: LightStemmer | None
) -> list[tuple[int, int, bytes]]:
    if not weights:
        return []
    return [
        (start, end, term)
        for start, end in _words(data)
        for term in analyze(data[start:end].decode("utf-8", "replace"), inflections)[0]
        if term in weights
    ]


def _words(data: bytes) -> list[tuple[int, int]]:
    """Runs between white space; long ones in pieces of whole characters."""
    words = []
    start: int | None = None
    for index in range(len(data) + 1):
        is_word = index < len(data) and data[index] > 0x20
        if start is not None:
            is_long = (
                index - start >= _WORD_BYTES_MAX
                and index < len(data)
                and data[index] & 0xC0 != 0x80
            )
            if not is_word or is_long:
                words.append((start, index))
                start = index if is_word else None
        elif is_word:
            start = index
    return words


def _word_start(data: bytes, position: int, limit: int) -> int:
    if position <= 0:
        return 0
    for index in range(position, max(position, limit) + 1):
        if data[index - 1] in _SPACES:
            return index
    start = position
    while start < limit and data[start] & 0xC0 == 0x80:
        start += 1
    return start


def _end(data: bytes, start: int, room: int) -> int:
    if len(data) - start <= room:
        return len(data)
    end = start + room
    while end > start and data[end] & 0xC0 == 0x80:
        end -= 1
    cut = end
    while cut > start + room * 2 // 3:
        if data[cut] in _SPACES and _ends_sentence(data[: cut + 1]):
            return cut
        cut -= 1
    cut = end
    while cut > start + room // 2:
        if data[cut] in _SPACES:
            return cut
        cut -= 1
    return end


def _collapsed(data: bytes) -> bytes:
    out = bytearray()
    for byte in data:
        if byte not in _SPACES:
            out.append(byte)
        elif out and out[-1] != 0x20:
            out.append(0x20)
    if out[-1:] == b" ":
        out.pop()
    return bytes(out)
