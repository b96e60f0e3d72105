"""What a person typed, taken apart, and what a chunk must hold whatever its rank.

`"phrases"` must stand in the chunk, its title or its headings; `-word` and `-"some words"` must not;
`title:word` and `heading:word` must be there. All other words rank (Search/QueryText.swift and
Search/QueryConditions.swift).
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from numpy.typing import NDArray

from .analysis import plain_words, term_places, word_places
from .light_stemmer import LightStemmer, stemmer_of
from .segment import Segment

_QUOTES = '"\u201c\u201d\u201e'
_FIELDS = ("title", "heading")


class QueryText:
    """The parts of a query."""

    def __init__(self, text: str, plain: bool = False) -> None:
        self.words = text
        self.phrases: list[str] = []
        self.excluded: list[str] = []
        self.fields: list[tuple[str, str]] = []
        if not plain:
            self._parse(text)

    @property
    def has_conditions(self) -> bool:
        return bool(self.phrases or self.excluded or self.fields)

    def _parse(self, text: str) -> None:
        ranking, rest = [], text.lstrip()
        while rest:
            is_excluded = rest[0] == "-" and (rest[1:2].isalpha() or rest[1:2] in tuple(_QUOTES))
            body = rest[1:] if is_excluded else rest
            field = None
            for name in () if is_excluded else _FIELDS:
                after = body[len(name) + 1 :]
                if body.startswith(name + ":") and after[:1] and not after[0].isspace():
                    field, body = name, after
            close = next((i for i in range(1, len(body)) if body[i] in _QUOTES), None)
            quoted = body[1:close] if body[:1] in tuple(_QUOTES) and close is not None else ""
            is_quoted = any(c.isalpha() or c.isnumeric() for c in quoted)
            if is_quoted and close is not None:
                words, rest = quoted, body[close + 1 :]
            else:
                words = body.split(None, 1)[0] if body.strip() else body
                rest = body[len(words) :]
            if is_excluded:
                self.excluded.append(words)
            else:
                ranking.append(words)
                if field is not None:
                    self.fields.append((field, words))
                elif is_quoted:
                    self.phrases.append(words)
            rest = rest.lstrip()
        if self.has_conditions:
            self.words = " ".join(ranking)


class Conditions:
    """Of one query, in the terms of the index."""

    def __init__(self, query: QueryText, languages: Sequence[LightStemmer] = ()) -> None:
        # As it was typed, signs and all, so that `C++` is no `c`; but a blank parts no words of a script without.
        def places(text: str) -> list[tuple[int, set[bytes]]]:
            joined = plain_words(text, joins=True)
            typed = text if joined == plain_words(text) else joined.decode()
            # Another spelling of a word need not be there.
            return [(at, set(forms)) for at, forms in word_places(typed, languages) if at is not None]

        # Every fitting chunk has one of the forms of each word, where positions say so one after the other.
        self._phrase_places = [places(text) for text in query.phrases]
        self._phrases = [words for words in map(plain_words, query.phrases) if words]
        self._fields = [(field, plain_words(words)) for field, words in query.fields]
        self._excluded: list[list[tuple[int, set[bytes]]]] = []
        self._excluded_phrases: list[bytes] = []
        for text in query.excluded:
            words = plain_words(text)
            # One word is excluded in all its forms, several as they stand.
            if words.count(b" ") > 2:
                self._excluded_phrases.append(words)
            elif words:
                self._excluded.append(places(text))

    @property
    def reads_texts(self) -> bool:
        """Whether a chunk that the postings leave may still not fit."""
        return bool(self._phrases or self._excluded_phrases)

    def narrowed(self, selected: Any, segment: Segment, is_joined: bool = False) -> NDArray[np.bool_] | None:
        """Of `selected` (None for all) the chunks that may fit.

        Where rankings are joined by how good their chunks are (`is_joined`), those that positions leave out take
        part in none, whether the file has positions or not.
        """
        left: NDArray[np.bool_] | None = selected
        if not (any(self._phrase_places) or self._excluded or self._fields):
            return left
        kept = np.ones(segment.chunk_count, np.bool_) if left is None else left.copy()
        for phrase in self._phrase_places:
            kept &= _holders(phrase, segment)
        for phrase in self._excluded:
            if phrase:
                kept &= ~_holders(phrase, segment)
        for field, wanted in self._fields:
            kept &= _titled(wanted, segment) if field == "title" else _under(wanted, segment)
        for phrase in self._phrase_places:
            if len(phrase) > 1 and segment.has_positions:
                kept &= _in_order(phrase, segment)
            elif len(phrase) > 1 and is_joined:
                kept = _in_texts(phrase, kept, segment)
        return kept

    def hold(self, chunk: int, segment: Segment) -> bool:
        """Whether the chunk fits, by its text, title and headings."""
        row = segment.chunks[chunk]
        texts = [segment.text(chunk), segment.document(int(row["document"])).title]
        texts += segment.headings(int(row["headings"]))
        places = [plain_words(text) for text in texts]

        def stands(phrase: bytes) -> bool:
            return any(phrase in place for place in places)

        return all(map(stands, self._phrases)) and not any(map(stands, self._excluded_phrases))


def _holders(phrase: list[tuple[int, set[bytes]]], segment: Segment) -> NDArray[np.bool_]:
    """The chunks with all of the words, each in one of its forms."""
    holders = np.ones(segment.chunk_count, np.bool_)
    for _, forms in phrase:
        of_word = np.zeros(segment.chunk_count, np.bool_)
        for form in forms:
            entry = segment.find_term(form)
            if entry is not None:
                of_word[segment.postings(*entry).chunks] = True
        holders &= of_word
    return holders


def _in_order(phrase: list[tuple[int, set[bytes]]], segment: Segment) -> NDArray[np.bool_]:
    """The chunks with the words one after the other, each in one of its forms."""
    starts: NDArray[np.int64] | None = None
    for position, forms in phrase:
        places = np.concatenate([segment.places(form) for form in sorted(forms)])
        found = np.unique(places[(places & 0xFFFFFFFF) >= position] - position)
        starts = found if starts is None else np.intersect1d(starts, found, assume_unique=True)
    holders = np.zeros(segment.chunk_count, np.bool_)
    if starts is not None:
        holders[starts >> 32] = True
    return holders


def _in_texts(
    phrase: list[tuple[int, set[bytes]]], chunks: NDArray[np.bool_], segment: Segment
) -> NDArray[np.bool_]:
    """The same of a file without positions, among `chunks`, by their texts."""
    holders = np.zeros(segment.chunk_count, np.bool_)
    for chunk in map(int, np.flatnonzero(chunks)):
        row = segment.chunks[chunk]
        document = segment.document(int(row["document"]))
        headings = segment.headings(int(row["headings"]))
        text = segment.text(chunk)
        above = headings if document.title in headings else [document.title, *headings]
        lines = [line for line in above if line and line not in text]
        places = term_places("\n".join([*lines, text]), stemmer_of(document.language))
        starts: set[int] | None = None
        for position, forms in phrase:
            found = {at - position for form in forms for at in places.get(form, []) if at >= position}
            starts = found if starts is None else starts & found
        holders[chunk] = bool(starts)
    return holders


def _titled(words: bytes, segment: Segment) -> NDArray[np.bool_]:
    chunks = np.zeros(segment.chunk_count, np.bool_)
    for row in range(segment.document_count):
        if words and words in plain_words(segment.document(row).title):
            found = segment.chunk_range(row)
            chunks[found.start : found.stop] = True
    return chunks


def _under(words: bytes, segment: Segment) -> NDArray[np.bool_]:
    paths = segment.chunks["headings"]
    fits = {
        int(path): any(words in plain_words(heading) for heading in segment.headings(int(path)))
        for path in np.unique(paths)
    } if words else {}
    return np.array([fits.get(int(path), False) for path in paths], np.bool_)
