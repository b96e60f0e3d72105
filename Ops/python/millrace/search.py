"""BM25, vectors, expansions and all of them over one index of one snapshot, as `Search/` of the program does.

A chunk's score depends on the live chunks and the query alone, never on how chunks are spread over
segments; equal scores go by document id and ordinal.
"""

from __future__ import annotations

import math
from typing import Any, Callable, Iterable, Mapping, NamedTuple, Sequence, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from . import parameters
from .analysis import analyze, word_forms
from .dates import NO_DATE, seconds_of
from .errors import QueryError
from .light_stemmer import LightStemmer, stemmer_of, stemmers
from .segment import Postings
from .snapshot import LiveSegment
from .stopwords import without_stop_words
from .vectors import BinaryQuery, products

MODES = ("fused", "vector", "bm25", "sparse")
_ROWS_PER_SCAN = 1 << 16

Filters = Mapping[str, "str | Sequence[str]"] | Iterable[str] | None


class Ranking(NamedTuple):
    """Chunks, best first: parallel arrays."""

    segment: NDArray[np.int64]
    chunk: NDArray[np.int64]
    score: NDArray[np.float64]
    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    ordinal: NDArray[np.int64]

    @property
    def size(self) -> int:
        return len(self.score)

    def take(self, places: NDArray[np.int64]) -> "Ranking":
        return Ranking._make(column[places] for column in self)

    def best(self, count: int) -> "Ranking":
        """The first `count`: higher scores first, then by document and ordinal."""
        order = np.lexsort((self.ordinal, self.low, self.high, -self.score))
        return self.take(order[:count])


class FoundTerm(NamedTuple):
    term: bytes
    # How often the query holds it.
    occurrences: int
    # The inverse document frequency among live chunks; above 0.
    rarity: float
    # One a segment; None where it is absent.
    places: list[Postings | None]


# A term, how often a query has it, and what its words are in any language of the index.
_AskedTerm = Tuple[bytes, int, Set[bytes]]


def _asked(text: str, languages: Sequence[LightStemmer]) -> list[_AskedTerm]:
    """The terms of a question without its stop words, as each language of the index has them, by ascending bytes."""
    plain = without_stop_words(analyze(text)[0])
    if not languages:
        return [(term, times, {term}) for term, times in plain.items()]
    counts: dict[bytes, int] = {}
    kin: dict[bytes, set[bytes]] = {}
    for word in word_forms(text, languages):
        if word[0] in plain:
            for form in set(word):
                counts[form] = counts.get(form, 0) + 1
                kin.setdefault(form, set()).update(word)
    return [(term, counts[term], kin[term]) for term in sorted(counts)]


def _inflected_languages(segments: Sequence[LiveSegment]) -> list[LightStemmer]:
    """The languages among the segments' labels; a label of another kind may look like one."""
    labels = {label for live in segments for label in live.segment.labels() if len(label) <= 8}
    found = {stemmer.language for stemmer in map(stemmer_of, labels) if stemmer is not None}
    return [stemmer for stemmer in stemmers() if stemmer.language in found]


class Searcher:
    """The segments of one index."""

    def __init__(self, segments: list[LiveSegment], dimensions: int, model: str = "",
                 weights: tuple[float, float, float] | None = None, is_expanded: bool = False) -> None:
        """`weights` of words, vectors and expansions; those of the model where they are None."""
        self.segments = segments
        if is_expanded:
            own = parameters.FUSION_EXPANDED.get(model, parameters.FUSION_EXPANDED_OTHER)
        else:
            own = (parameters.FUSION_VECTOR.get(model, parameters.FUSION_VECTOR_OTHER), 0.0)
        self.weights = weights or (parameters.FUSION_BM25, *own)
        self.dimensions = dimensions
        self.chunk_count = sum(live.chunk_count for live in segments)
        total = sum(live.length_sum for live in segments)
        self.languages = _inflected_languages(segments)
        self._average_length = max(total / max(self.chunk_count, 1), 1.0)

    # MARK: Words

    def rarities(self, text: str) -> dict[bytes, float]:
        """How rare each of the query's terms is that live chunks hold."""
        return {
            term: rarity
            for term, _, rarity in self._rarities(
                _asked(text, self.languages),
                lambda term: sum(self._holders(live, term) for live in self.segments),
            )
        }

    def _rarities(
        self, asked: "list[_AskedTerm]", count: Callable[[bytes], int]
    ) -> list[tuple[bytes, int, float]]:
        """Of each term that live chunks hold, how often it is asked for and how rare it is: what a word is in
        several languages is as rare as all of it together."""
        holders = {term: count(term) for term, _, _ in asked}
        return [
            (term, times, self._rarity(min(sum(holders[other] for other in kin), self.chunk_count)))
            for term, times, kin in asked
            if holders[term] > 0
        ]

    def _holders(self, live: LiveSegment, term: bytes) -> int:
        if live.live_chunks is None:
            entry = live.segment.find_term(term)
            return 0 if entry is None else entry[0]
        place = self._postings(live, term)
        return 0 if place is None else len(place.chunks)

    def _rarity(self, holders: int) -> float:
        rest = float(self.chunk_count - holders)
        return math.log(1 + (rest + 0.5) / (float(holders) + 0.5))

    def look_up(self, text: str) -> list[FoundTerm]:
        """Those of the query's terms that live chunks hold, by ascending bytes."""
        return self._found(_asked(text, self.languages), "words")

    def look_up_pieces(self, pieces: dict[bytes, int]) -> list[FoundTerm]:
        """Those of the query's pieces that expansions of live chunks hold, by ascending bytes."""
        return self._found([(piece, times, {piece}) for piece, times in sorted(pieces.items())], "expansions")

    def _found(self, asked: "list[_AskedTerm]", kind: str) -> list[FoundTerm]:
        places = {
            term: [self._postings(live, term, kind) for live in self.segments]
            for term, _, _ in asked
        }

        def count(term: bytes) -> int:
            return sum(len(place.chunks) for place in places[term] if place is not None)

        return [
            FoundTerm(term, times, rarity, places[term])
            for term, times, rarity in self._rarities(asked, count)
        ]

    def _postings(self, live: LiveSegment, term: bytes, kind: str = "words") -> Postings | None:
        entry = live.segment.find_term(term, kind)
        if entry is None:
            return None
        found = live.segment.postings(*entry, kind=kind)
        if live.live_chunks is None:
            return found
        kept = live.live_chunks[found.chunks]
        return Postings(found.chunks[kept], found.counts[kept])

    def bm25(self, count: int, terms: list[FoundTerm], selected: list[Any]) -> Ranking:
        """The best by words: single precision, from the term that can add most to the one that can add least."""
        k1, b = parameters.SATURATION, parameters.LENGTH_WEIGHT
        base = np.float32(k1 * (1 - b))
        slope = np.float32(k1 * b / self._average_length)
        weighted = [
            (np.float32(term.rarity * float(term.occurrences) * (k1 + 1)), term) for term in terms
        ]
        weighted.sort(key=lambda pair: (-pair[0], pair[1].term))
        found = []
        for number, live in enumerate(self.segments):
            scores = np.zeros(live.segment.chunk_count, np.float32)
            lengths = live.segment.lengths
            for weight, term in weighted:
                place = term.places[number]
                if place is None or len(place.chunks) == 0:
                    continue
                times = place.counts.astype(np.float32)
                norm = base + slope * lengths[place.chunks].astype(np.float32)
                scores[place.chunks] += weight * times / (times + norm)
            is_found = scores > 0
            if selected[number] is not None:
                is_found &= selected[number]
            found.append(self._cut(number, scores, np.flatnonzero(is_found), count))
        return _joined(found).best(count)

    def sparse(self, count: int, terms: list[FoundTerm], selected: list[Any]) -> Ranking:
        """The best by expansions: the sum of rarity times impact, single precision, the greatest weight first."""
        weighted = [
            (np.float32(term.rarity * float(term.occurrences) / parameters.IMPACTS_PER_UNIT), term)
            for term in terms
        ]
        weighted.sort(key=lambda pair: (-(pair[0] * np.float32(parameters.IMPACT_MAX)), pair[1].term))
        found = []
        for number, live in enumerate(self.segments):
            scores = np.zeros(live.segment.chunk_count, np.float32)
            for weight, term in weighted:
                place = term.places[number]
                if place is not None and len(place.chunks) > 0:
                    scores[place.chunks] += weight * place.counts.astype(np.float32)
            is_found = scores > 0
            if selected[number] is not None:
                is_found &= selected[number]
            found.append(self._cut(number, scores, np.flatnonzero(is_found), count))
        return _joined(found).best(count)

    # MARK: Vectors

    def vector(self, count: int, query: NDArray[np.float32], selected: list[Any]) -> Ranking:
        """Codes choose candidates, stored vectors rank them.

        A first look at the greatest bounds gives a score that the answer must reach; then all are ranked
        whose bound, the estimate and some of its spreads, reaches that score.
        """
        spreads_wide = count > parameters.REACH_NEAR_HITS
        factor = parameters.REACH_FAR if spreads_wide else parameters.REACH_NEAR
        reach = np.float32(factor) * np.sqrt(products(query.reshape(1, -1), query)[0])
        coded = BinaryQuery.of(query)
        bounds = []
        for number, live in enumerate(self.segments):
            segment = live.segment
            bound = np.empty(segment.chunk_count, np.float32)
            codes, factors = segment.codes, segment.factors
            for start in range(0, segment.chunk_count, _ROWS_PER_SCAN):
                end = start + _ROWS_PER_SCAN
                estimates = coded.scan(codes[start:end], factors[start:end, 0])
                bound[start:end] = estimates + reach * factors[start:end, 1]
            # A vector of zeros is no answer to anything.
            bound[factors[:, 0] <= 0] = -np.inf
            if selected[number] is not None:
                bound[~selected[number]] = -np.inf
            bounds.append(bound)
        looks = max(parameters.FIRST_LOOK_MIN, parameters.FIRST_LOOK_PER_HIT * count)
        first = _least_of_greatest(bounds, looks)
        ranked = self._ranked_rows(query, coded, bounds, first)
        if first > -np.inf:
            needed = _least_of_greatest([scores for _, scores in ranked], count)
            if needed < first:
                ranked = self._ranked_rows(query, coded, bounds, needed)
        found = []
        for number, (rows, scores) in enumerate(ranked):
            whole = np.full(len(bounds[number]), -np.inf, np.float32)
            whole[rows] = scores
            found.append(self._cut(number, whole, rows, count))
        return _joined(found).best(count)

    def _ranked_rows(
        self,
        query: NDArray[np.float32],
        coded: BinaryQuery,
        bounds: list[NDArray[np.float32]],
        least: np.float32,
    ) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The exact scores of the chunks whose bounds reach `least`."""
        found = []
        for live, bound in zip(self.segments, bounds):
            rows = np.flatnonzero((bound >= least) & (bound > -np.inf))
            found.append((rows, live.segment.similarities(rows, query, coded)))
        return found

    # MARK: All

    def ranked(
        self,
        mode: str,
        count: int,
        terms: list[FoundTerm],
        query: NDArray[np.float32] | None,
        pieces: list[FoundTerm],
        selected: list[Any],
    ) -> Ranking:
        if mode == "bm25":
            return self.bm25(count, terms, selected)
        if mode == "sparse":
            return self.sparse(count, pieces, selected)
        if mode == "vector":
            assert query is not None
            return self.vector(count, query, selected)
        depth = max(parameters.FUSED_DEPTH_MIN, parameters.FUSED_DEPTH_PER_HIT * count)
        rankings = [
            self.bm25(depth, terms, selected),
            _joined([]) if query is None else self.vector(depth, query, selected),
            self.sparse(depth, pieces, selected) if pieces else _joined([]),
        ]
        return _fused(rankings, self.weights)

    def _cut(
        self, number: int, scores: NDArray[np.float32], chunks: NDArray[np.int64], count: int
    ) -> Ranking:
        """The best `count` of a segment, with all that tie with the last."""
        if len(chunks) > count:
            values = scores[chunks]
            least = np.partition(values, len(values) - count)[len(values) - count]
            chunks = chunks[values >= least]
        live = self.segments[number]
        rows = live.segment.chunks[chunks]
        documents = live.segment.documents
        owners = _owners(live, rows)
        return Ranking(
            np.full(len(chunks), number, np.int64),
            chunks.astype(np.int64),
            scores[chunks].astype(np.float64),
            documents["high"][owners],
            documents["low"][owners],
            rows["ordinal"].astype(np.int64),
        )

    # MARK: Filters

    def selection(self, filters: Filters) -> list[NDArray[np.bool_] | None]:
        """Which chunks of each segment are live and left by the filters; None for all."""
        wanted = parsed(filters)
        if not wanted:
            return [live.live_chunks for live in self.segments]
        return [self._selected(live, wanted) for live in self.segments]

    def _selected(self, live: LiveSegment, wanted: dict[str, list[str]]) -> NDArray[np.bool_]:
        segment = live.segment
        documents = segment.documents
        labels = segment.labels()
        keeps = np.ones(len(documents), np.bool_)
        if live.live_documents is not None:
            keeps &= live.live_documents
        for field, values in wanted.items():
            if field in _LABEL_FIELDS:
                good = np.array([_label_fits(field, label, values) for label in labels] + [False])
                numbers = np.minimum(documents[_LABEL_FIELDS[field]], len(labels))
                keeps &= good[numbers]
        for field, values in wanted.items():
            if field in _DATE_FIELDS:
                dates = segment.dates()
                least, most = min(map(_seconds, values)), max(map(_seconds, values))
                keeps &= (dates != NO_DATE) & (dates >= least if field == "date>=" else dates < most)
            elif field not in _LABEL_FIELDS:
                for row in np.flatnonzero(keeps):
                    document = segment.document(int(row))
                    if field == "uri":
                        keeps[row] = any(document.uri.startswith(value) for value in values)
                    else:
                        keeps[row] = document.metadata.get(field[5:]) in values
        return keeps[_owners(live, segment.chunks)]


def _owners(live: LiveSegment, rows: NDArray[Any]) -> NDArray[np.int64]:
    """The document rows of chunk rows, none outside the file."""
    owners: NDArray[np.int64] = rows["document"].astype(np.int64)
    if len(owners) and int(owners.max()) >= len(live.segment.documents):
        raise live.segment.corrupt("a chunk row points outside the file")
    return owners


_DATE_FIELDS = ("date>=", "date<")
_LABEL_FIELDS = {"lang": "language", "source": "source", "type": "media_type"}
_NAMES = {"language": "lang", "media_type": "type"}


def _seconds(text: str) -> int:
    found = seconds_of(text)
    assert found is not None
    return found


def _label_fits(field: str, label: str, values: list[str]) -> bool:
    if field == "lang":
        return any(label == value or label.startswith(value + "-") for value in values)
    return label in values


def parsed(filters: Filters) -> dict[str, list[str]]:
    """Filters as field → values: one field's values are alternatives, all fields must hold."""
    found: dict[str, list[str]] = {}
    if filters is None:
        return found
    if isinstance(filters, str):
        filters = [filters]
    pairs: list[tuple[str, Any]]
    if isinstance(filters, Mapping):
        pairs = [
            (field, value)
            for field, values in filters.items()
            for value in (values if isinstance(values, (list, tuple, set, frozenset)) else [values])
        ]
    else:
        pairs = []
        for text in map(str, filters):
            dated = next((name for name in _DATE_FIELDS if text.startswith(name)), None)
            if dated is not None:
                pairs.append((dated, text[len(dated) :]))
                continue
            field, equals, value = text.partition("=")
            if not equals:
                raise QueryError("a filter has no '='; write lang=de")
            pairs.append((field, value))
    for field, value in pairs:
        field = _NAMES.get(field, field)
        if field not in ("lang", "source", "type", "uri", *_DATE_FIELDS) and not (
            field.startswith("meta.") and len(field) > 5
        ):
            raise QueryError(f"filter field '{field}' is unknown; use lang, source, type, uri, meta.NAME or date>= and date<")
        if not isinstance(value, str):
            raise QueryError(f"the value of filter field '{field}' is no string")
        if field in _DATE_FIELDS and seconds_of(value) is None:
            raise QueryError(f"the value of filter field '{field}' is no date; write 2026-01-31")
        found.setdefault(field, []).append(value.lower() if field == "type" else value)
    return found


def _joined(rankings: list[Ranking]) -> Ranking:
    if not rankings:
        whole, real = np.zeros(0, np.int64), np.zeros(0, np.float64)
        return Ranking(whole, whole, real, whole.view(np.uint64), whole.view(np.uint64), whole)
    return Ranking._make(np.concatenate(columns) for columns in zip(*rankings))


def _least_of_greatest(values: list[NDArray[np.float32]], count: int) -> np.float32:
    """The score that the best `count` reach; -infinity where there are fewer."""
    whole = np.concatenate(values) if values else np.zeros(0, np.float32)
    whole = whole[whole > -np.inf]
    if len(whole) < count:
        return np.float32(-np.inf)
    return np.float32(np.partition(whole, len(whole) - count)[len(whole) - count])


def _shares(ranking: Ranking, weight: float) -> tuple[list[float], float]:
    """What a ranking gives to each of its chunks, 1 for the best and 0 for the 200th, and to others."""
    if ranking.size == 0:
        return [], 0.0
    scores = [float(score) for score in ranking.score]
    greatest, least = scores[0], scores[: parameters.FUSED_DEPTH_MIN][-1]
    width = greatest - least
    if width <= 0:
        return [weight] * len(scores), 0.0
    absent = weight * min(0.0, (scores[-1] - least) / width)
    return [weight * (1 - (greatest - score) / width) for score in scores], absent


def _fused(rankings: list[Ranking], weights: Sequence[float]) -> Ranking:
    """Weighted scores: Search/Fusion.swift."""
    places: dict[tuple[int, int], int] = {}
    scores: list[float] = []
    whole = _joined(rankings)
    origins: list[int] = []
    start = 0
    for ranking, weight in zip(rankings, weights):
        if weight <= 0:
            start += ranking.size
            continue
        shares, absent = _shares(ranking, weight)
        for rank, share in enumerate(shares):
            key = (int(ranking.segment[rank]), int(ranking.chunk[rank]))
            place = places.get(key)
            if place is None:
                places[key] = len(scores)
                scores.append(share - absent)
                origins.append(start + rank)
            else:
                scores[place] += share - absent
        start += ranking.size
    joined = whole.take(np.array(origins, np.int64))
    return joined._replace(score=np.array(scores, np.float64)).best(len(scores))
