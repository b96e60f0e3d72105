"""One index of one snapshot, open for reading."""

from __future__ import annotations

import copy
import os
import pathlib
import re
from dataclasses import dataclass, field
from typing import Any, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from . import parameters, snapshot as snapshots
from .conditions import Conditions, QueryText
from .embedding import Embed, QueryModel
from .expansion import QueryExpander
from .errors import CorruptError, NoSnapshotError, QueryError
from .export import Chunks
from .light_stemmer import stemmer_of
from .search import MODES, Filters, Ranking, Searcher
from .segment import Segment
from .snippet import snippet

_GROUP_KEY = "duplicate_group"
_OPEN_ATTEMPTS = 5
_CHUNK_ID = re.compile(
    r"([0-9a-fA-F]{32})-([0-9]{1,10})-([0-9a-fA-F]{%d})" % parameters.CHUNK_ID_TEXT_DIGITS
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that answers a query, with what is needed to cite it.

    Offsets count UTF-8 bytes of the document's clean text. Scores compare within one list of hits.
    Its `repr` holds no text, because it ends in logs.
    """

    chunk_id: str
    uri: str
    title: str = field(repr=False)
    text: str = field(repr=False)
    score: float
    ordinal: int
    start: int
    end: int
    #: From 1; 0 where the format has no pages.
    page: int
    #: The printed number of the page; None where the format has no pages.
    page_label: str | None = field(repr=False)
    #: Left, top, right, bottom in points from the page's top left.
    box: tuple[int, int, int, int] | None = field(repr=False)
    headings: tuple[str, ...] = field(repr=False)
    source: str
    language: str
    media_type: str = field(repr=False)
    #: The group of near-duplicates the document is in; None when it is in none.
    group: str | None = field(repr=False)
    #: The number of the snapshot it was found in.
    snapshot: int
    #: Of its document.
    metadata: Mapping[str, str] = field(repr=False, hash=False)
    _weights: Mapping[bytes, float] = field(repr=False, hash=False, compare=False)

    @property
    def snippet(self) -> str:
        """At most 240 bytes of the text around the rarest words of the query."""
        return snippet(self.text, self._weights, stemmer_of(self.language))

    @property
    def document_id(self) -> str:
        return self.chunk_id.partition("-")[0]


class Index:
    """Answers queries over one index of one snapshot; any number of threads may ask at once.

    A snapshot never changes, so neither do answers; `millrace.open` again to see a newer one.
    It pickles as (workspace, snapshot), so another process reads the very same.
    """

    def __init__(
        self,
        workspace: str,
        found: snapshots.Snapshot,
        name: str | None,
        models: str | None,
        embed: Embed | None,
        labels: frozenset[str] | None = None,
    ) -> None:
        names = [index.name for index in found.indexes]
        chosen = next((index for index in found.indexes if name in (None, index.name)), None)
        if chosen is None:
            raise NoSnapshotError(
                f"snapshot {found.number} has no index '{name}'; it has: {', '.join(names)}"
            )
        self.workspace = workspace
        self.snapshot = found.number
        self.pipeline = found.pipeline
        self.digest = found.digest
        self.name = chosen.name
        self.model = chosen.model_name
        self.dimensions = chosen.dimensions
        self._models = models
        self._query_model = QueryModel(
            chosen.model_name,
            chosen.model_fingerprint,
            chosen.dimensions,
            pathlib.Path(models) if models is not None else None,
            embed,
        )
        self._segments = [
            snapshots.LiveSegment(workspace, segment) for segment in chosen.segments
        ]
        for live in self._segments:
            self._check(live.segment, chosen)
        #: What the caller may see; None for everything.
        self.labels = labels
        if labels is not None:
            self._segments = [live.seen_by(labels) for live in self._segments]
        self._expander = None if chosen.expander is None else QueryExpander(chosen.expander, chosen.name, models)
        self._weights = snapshots.tuned_weights(
            workspace, chosen.name, chosen.model_name, self._expander is not None
        )
        self._searcher = self._new_searcher()

    def seen_by(self, labels: Iterable[str]) -> "Index":
        """The same index for a caller who holds these labels; of an index that is restricted, what both see.

        It answers as an index that holds nothing else: what is not seen is neither ranked, counted, nor
        weighed in the rarity of a word.
        """
        held = _label_set(labels)
        part = copy.copy(self)
        part.labels = held if self.labels is None else held & self.labels
        part._segments = [live.seen_by(part.labels) for live in self._segments]
        part._searcher = part._new_searcher()
        return part

    def _new_searcher(self) -> Searcher:
        return Searcher(
            self._segments, self.dimensions, self.model, self._weights, self._expander is not None
        )

    def _check(self, segment: Segment, names: snapshots.IndexNames) -> None:
        """One index has one model and one analysis; a segment that differs would answer nonsense."""
        revisions = range(parameters.ANALYZER_REVISION_MIN, parameters.ANALYZER_REVISION + 1)
        if segment.analyzer_revision not in revisions:
            raise QueryError(
                f"{segment.path}: terms of analysis {segment.analyzer_revision}, this package "
                f"analyses by {parameters.ANALYZER_REVISION}; use the package of the program that "
                "wrote it, or type: millrace sync PIPELINE"
            )
        if (segment.dimensions, segment.model_fingerprint, segment.expansion_fingerprint) != (
            names.dimensions,
            names.model_fingerprint,
            names.expansion_fingerprint,
        ):
            raise segment.corrupt(f"made by another model than index '{names.name}'")

    # MARK: Searching

    def search(
        self,
        text: str,
        k: int = 5,
        mode: str = "fused",
        filters: Filters = None,
        *,
        vector: Sequence[float] | NDArray[Any] | None = None,
        expand_groups: bool = False,
        plain: bool = False,
    ) -> list[Hit]:
        """The best `k` chunks, best first.

        `mode` is `fused`, `vector`, `bm25` or `sparse` (by expansions); where `fused` is asked an index answers
        by all that it has. `filters` is a mapping such as `{"lang": "de", "meta.team": ["a", "b"]}` or
        a list such as `["lang=de"]`: values of one field are alternatives, all fields must hold.
        `vector` is the query's own, for models that this package does not run. Of a group of
        near-duplicates the best one answers, all of them with `expand_groups`. Quoted phrases, `-word`,
        `title:word` and `heading:word` are conditions, but for `plain`, which takes the text as words.
        """
        if not isinstance(text, str):
            raise QueryError("the query is no text")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise QueryError("the query holds half a surrogate pair; it is no Unicode text") from None
        if mode not in MODES:
            raise QueryError(f"mode '{mode}' is unknown; use {', '.join(MODES)}")
        if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or k < 1:
            raise QueryError("k must be a whole number, 1 or more")
        if mode == "vector" and self.dimensions == 0:
            raise QueryError(f"index '{self.name}' has no vectors; use mode=\"bm25\"")
        if mode == "sparse" and self._expander is None:
            raise QueryError(f"index '{self.name}' has no expansions; use mode=\"bm25\"")
        if mode == "fused" and not self.dimensions and self._expander is None:
            mode = "bm25"
        asked = QueryText(text, plain)
        wants_vector = self.dimensions > 0 and mode in ("fused", "vector")
        query = self._vector(asked.words, vector) if wants_vector else None
        terms = self._searcher.look_up(asked.words) if mode in ("fused", "bm25") else []
        pieces: list[Any] = []
        if self._expander is not None and mode in ("fused", "sparse"):
            pieces = self._searcher.look_up_pieces(self._expander.pieces(asked.words))
        conditions = Conditions(asked, self._searcher.languages)
        ranked = self._ranked(
            mode, int(k), terms, query, pieces, filters, expand_groups, conditions
        )
        if mode in ("vector", "sparse"):
            weights = self._searcher.rarities(asked.words)
        else:
            weights = {term.term: term.rarity for term in terms}
        return [
            self._hit(self._segments[int(segment)].segment, int(chunk), float(score), weights)
            for segment, chunk, score in zip(ranked.segment, ranked.chunk, ranked.score)
        ]

    def _vector(self, text: str, given: Any) -> NDArray[np.float32]:
        if given is None:
            vector = self._query_model.vector(text)
        else:
            vector = np.asarray(given, np.float32)
        if vector.shape != (self.dimensions,):
            raise QueryError(
                f"the query's vector has the shape {vector.shape}, index '{self.name}' has "
                f"{self.dimensions} dimensions; embed it with {self.model}"
            )
        if not np.isfinite(vector).all():
            raise QueryError("the query's vector holds a value that is not finite")
        return vector

    def _ranked(
        self,
        mode: str,
        k: int,
        terms: list[Any],
        query: NDArray[np.float32] | None,
        pieces: list[Any],
        filters: Filters,
        expand_groups: bool,
        conditions: Conditions,
    ) -> Ranking:
        selected = [
            conditions.narrowed(mask, live.segment, is_joined=mode == "fused")
            for mask, live in zip(self._searcher.selection(filters), self._segments)
        ]
        verdicts: dict[tuple[int, int], bool] = {}
        room, last_count = k, -1
        while True:
            depth = min(room, self._searcher.chunk_count + 1)
            ranked = self._searcher.ranked(mode, depth, terms, query, pieces, selected)
            is_whole, last_count = ranked.size == last_count, ranked.size
            enough = max(parameters.FITTING_MIN, 2 * room)
            ranked, unfit, unread = self._fitting(ranked, enough, conditions, verdicts)
            if expand_groups:
                kept, dropped = ranked.take(np.arange(min(k, ranked.size))), 0
            else:
                kept, dropped = self._collapsed(ranked, k)
            # Others may have taken the places of answers: members of groups and what does not fit.
            goes_on = kept.size < k and dropped + unfit + unread > 0
            if not goes_on or (is_whole and unread == 0):
                return kept
            room *= parameters.GROUP_GROWTH

    def _fitting(
        self,
        ranked: Ranking,
        enough: int,
        conditions: Conditions,
        verdicts: dict[tuple[int, int], bool],
    ) -> tuple[Ranking, int, int]:
        """The first `enough` that hold the conditions; how many do not, and how many were not looked at."""
        if not conditions.reads_texts:
            return ranked, 0, 0
        fitting: list[int] = []
        unfit = 0
        for place in range(ranked.size):
            if len(fitting) >= enough:
                break
            key = (int(ranked.segment[place]), int(ranked.chunk[place]))
            if key not in verdicts:
                verdicts[key] = conditions.hold(key[1], self._segments[key[0]].segment)
            if verdicts[key]:
                fitting.append(place)
            else:
                unfit += 1
        unread = ranked.size - len(fitting) - unfit
        return ranked.take(np.array(fitting, np.int64)), unfit, unread

    def _collapsed(self, ranked: Ranking, count: int) -> tuple[Ranking, int]:
        """Without members of a group of which a better one stands before."""
        best: dict[str, tuple[int, int]] = {}
        kept: list[int] = []
        dropped = 0
        for place in range(ranked.size):
            if len(kept) == count:
                break
            segment = self._segments[int(ranked.segment[place])].segment
            row = int(segment.chunks["document"][ranked.chunk[place]])
            group = segment.document(row).metadata.get(_GROUP_KEY, "")
            owner = (int(ranked.high[place]), int(ranked.low[place]))
            if group:
                if best.setdefault(group, owner) != owner:
                    dropped += 1
                    continue
            kept.append(place)
        return ranked.take(np.array(kept, np.int64)), dropped

    # MARK: Chunks and documents by name

    def chunk(self, chunk_id: str) -> Hit:
        """The chunk of this name, with score 0; NoSnapshotError where no live chunk has it."""
        match = _CHUNK_ID.fullmatch(chunk_id)
        if match is None:
            raise QueryError("that is no chunk id; they look like DOCUMENT-ORDINAL-TEXT, as in hit.chunk_id")
        document, ordinal, _ = match.groups()
        for live in self._segments:
            row = live.segment.document_row(int(document[:16], 16), int(document[16:], 16))
            if row is None or not live.is_live(row):
                continue
            for chunk in live.segment.chunk_range(row):
                if int(live.segment.chunks["ordinal"][chunk]) == int(ordinal):
                    hit = self._hit(live.segment, chunk, 0.0, {})
                    if hit.chunk_id == chunk_id.lower():
                        return hit
        raise NoSnapshotError(
            f"snapshot {self.snapshot} has no chunk {chunk_id.lower()}: its document is gone or has "
            "another text now"
        )

    def _hit(
        self, segment: Segment, chunk: int, score: float, weights: Mapping[bytes, float]
    ) -> Hit:
        row = segment.chunks[chunk]
        document = segment.document(int(row["document"]))
        label = segment.label(int(row["page_label"]))
        metadata: Mapping[str, str] = document.metadata
        if self.labels is not None:
            # A group would tell of others that are like it.
            metadata = {name: value for name, value in metadata.items() if name != _GROUP_KEY}
        digits = row["text_hash"].tobytes().hex()[: parameters.CHUNK_ID_TEXT_DIGITS]
        edges = tuple(int(edge) for edge in row["box"])
        return Hit(
            chunk_id=f"{document.id}-{int(row['ordinal'])}-{digits}",
            uri=document.uri,
            title=document.title,
            text=segment.text(chunk),
            score=score,
            ordinal=int(row["ordinal"]),
            start=int(row["start"]),
            end=int(row["end"]),
            page=int(row["page"]),
            page_label=label or None,
            box=(edges[0], edges[1], edges[2], edges[3]) if label else None,
            headings=tuple(segment.headings(int(row["headings"]))),
            source=document.source,
            language=document.language,
            media_type=document.media_type,
            group=metadata.get(_GROUP_KEY),
            snapshot=self.snapshot,
            metadata=metadata,
            _weights=weights,
        )

    # MARK: The whole

    def chunks(self, columns: Sequence[str] | None = None) -> Chunks:
        """All live chunks, read when they are asked for: `.batches()`, `.to_arrow()` and others."""
        return Chunks(self, columns)

    def _live_chunks(self) -> list[tuple[Segment, NDArray[np.int64]]]:
        return [
            (
                live.segment,
                np.arange(live.segment.chunk_count)
                if live.live_chunks is None
                else np.flatnonzero(live.live_chunks),
            )
            for live in self._segments
        ]

    def verify(self) -> None:
        """Reads every segment whole and looks at each checksum; CorruptError at the first that is wrong."""
        for live in self._segments:
            live.segment.verify()

    @property
    def chunk_count(self) -> int:
        return int(self._searcher.chunk_count)

    @property
    def document_count(self) -> int:
        return sum(int(live.document_count) for live in self._segments)

    def __len__(self) -> int:
        return self.chunk_count

    def close(self) -> None:
        """Lets go of the mapped files; they are unmapped with the last view of them."""
        self._segments = []
        self._searcher = Searcher([], self.dimensions)

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return (
            f"<millrace.Index '{self.name}' of snapshot {self.snapshot} in {self.workspace}: "
            f"{self.document_count} documents, {self.chunk_count} chunks>"
        )

    def __reduce__(self) -> Any:
        return open_index, (
            self.workspace, self.snapshot, self.name, self._models, self._query_model.embed, self.labels
        )


def _label_set(labels: Iterable[str]) -> frozenset[str]:
    if isinstance(labels, str):
        raise QueryError("labels is a list of texts, such as [\"team-a\"]")
    return frozenset(labels)


def open_index(
    workspace: str | os.PathLike[str],
    snapshot: int | None = None,
    index: str | None = None,
    models: str | os.PathLike[str] | None = None,
    embed: Embed | None = None,
    labels: Iterable[str] | None = None,
) -> Index:
    """Opens an index of a snapshot: the published one, or the one of this number.

    `workspace` is the folder that the pipeline's key `workspace:` names. `models` is where models lie,
    by default where the program looks for them. `embed` makes the vector of a query, for models that
    this package does not run. With `labels`, those of one caller, nothing is opened that carries another:
    `Index.seen_by`. Read permission is enough.
    """
    root = os.path.abspath(os.fspath(workspace))
    folder = None if models is None else os.fspath(models)
    held = None if labels is None else _label_set(labels)
    for attempt in range(_OPEN_ATTEMPTS):
        number = snapshots.live_number(root) if snapshot is None else snapshot
        try:
            return Index(root, snapshots.read(root, number), index, folder, embed, held)
        except NoSnapshotError:
            # A writer may publish, and remove what came before, between any two steps.
            is_last = attempt == _OPEN_ATTEMPTS - 1
            if snapshot is not None or is_last or snapshots.live_number(root) == number:
                raise
    raise CorruptError(f"{root}: snapshots come and go faster than they can be opened")
