"""Snapshots of a workspace, and which rows of their segments are live.

`LIVE` holds the number of the published snapshot, `snapshots/N.json` names its segments, and a
segment's tombstones (`TombstoneFormat.md`) say which of its documents are dead.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import os
import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Mapping

import numpy as np
from numpy.typing import NDArray

from .errors import CorruptError, NoSnapshotError, TooNewError, TooOldError
from .files import map_file
from .segment import Segment

_FORMAT_MAX = 2
_FORMAT_MIN = 1
_BYTES_MAX = 1 << 26
_LOCK_BYTES_MAX = 1 << 20
_SEGMENT_NAME = re.compile(r"[0-9a-f]{64}\.mrs")
_TOMBSTONES_NAME = re.compile(r"[0-9a-f]{64}\.mrt")

_TOMBSTONES_VERSION = 1
_TOMBSTONES_HEADER = struct.Struct("<8sIIQIIQ32s32sII")
_TOMBSTONES_MAGIC = b"\x89MRT\r\n\x1a\n"
_TOMBSTONES_END = b"MRT-END\n"


@dataclass(frozen=True)
class SegmentName:
    shard: int
    name: str
    tombstones: str | None
    chunk_count: int
    document_count: int
    size: int


@dataclass(frozen=True)
class IndexNames:
    name: str
    model_fingerprint: str
    model_name: str
    dimensions: int
    #: Which model expanded the texts, as JSON, and its fingerprint; None without expansions.
    expander: str | None
    expansion_fingerprint: str
    segments: tuple[SegmentName, ...]


@dataclass(frozen=True)
class Snapshot:
    number: int
    pipeline: str
    digest: str
    document_count: int
    chunk_count: int
    indexes: tuple[IndexNames, ...]


def live_number(workspace: str) -> int:
    """The number of the published snapshot."""
    path = os.path.join(workspace, "LIVE")
    try:
        with open(path, "rb") as file:
            text = file.read(33)
    except FileNotFoundError:
        raise NoSnapshotError(
            f"{workspace} has no published snapshot; type: millrace backfill PIPELINE (and give "
            "the folder that its key workspace: names)"
        ) from None
    except NotADirectoryError:
        raise NoSnapshotError(
            f"{workspace} is a file; give the folder that the pipeline's key workspace: names"
        ) from None
    if re.fullmatch(rb"[1-9][0-9]{0,17}\n", text) is None:
        raise CorruptError(f"{path} does not hold the number of a snapshot; type: millrace sync PIPELINE")
    return int(text)


def tuned_weights(
    workspace: str, index: str, model: str, is_expanded: bool
) -> tuple[float, float, float] | None:
    """The weights of words, vectors and expansions that the pipeline's last run left, as Segments/FusionLock.swift reads them.

    None where it has none, or where they were found for another model, with or without expansions.
    """
    path = os.path.join(workspace, "fusion.lock")
    try:
        with open(path, "rb") as file:
            data = file.read(_LOCK_BYTES_MAX + 1)
    except FileNotFoundError:
        return None
    try:
        value = json.loads(data)
        if len(data) > _LOCK_BYTES_MAX or value["form"] != "fusion/1":
            raise ValueError
        found = value["indexes"].get(index)
        if found is None or found["model"] != model:
            return None
        if (found.get("sparse") is not None) != is_expanded:
            return None
        bm25, vector, sparse = (float(found.get(name) or 0) for name in ("bm25", "vector", "sparse"))
        weights = (bm25, vector, sparse)
        if not (all(map(math.isfinite, weights)) and min(weights) >= 0 < sum(weights)):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CorruptError(f"{path} holds no weights of form fusion/1; type: millrace sync PIPELINE") from None
    return weights


def numbers(workspace: str) -> list[int]:
    """The numbers of all snapshots that are kept, ascending."""
    folder = os.path.join(workspace, "snapshots")
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    found = (re.fullmatch(r"([1-9][0-9]*)\.json", name) for name in names)
    return sorted(int(match.group(1)) for match in found if match)


def read(workspace: str, number: int) -> Snapshot:
    """The snapshot of this number."""
    path = os.path.join(workspace, "snapshots", f"{int(number)}.json")
    try:
        with open(path, "rb") as file:
            data = file.read(_BYTES_MAX + 1)
    except FileNotFoundError:
        kept = ", ".join(map(str, numbers(workspace)[-10:])) or "none"
        raise NoSnapshotError(f"{workspace} has no snapshot {number}; kept are {kept}") from None
    if len(data) > _BYTES_MAX:
        raise CorruptError(f"{path} is too large for a snapshot")
    try:
        value = json.loads(data)
        version = value["formatVersion"]
        if not isinstance(version, int):
            raise ValueError
        if version > _FORMAT_MAX:
            raise TooNewError(f"{path}: format version {version}, this package reads {_FORMAT_MAX}")
        if version < _FORMAT_MIN:
            raise TooOldError(f"{path}: format version {version}; type: millrace sync PIPELINE")
        found = _snapshot(value)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CorruptError(f"{path} does not describe a snapshot; type: millrace sync PIPELINE") from None
    if found.number != number:
        raise CorruptError(f"{path} does not describe snapshot {number}; type: millrace sync PIPELINE")
    return found


def _snapshot(value: dict[str, Any]) -> Snapshot:
    return Snapshot(
        _count(value["number"]),
        _text(value["pipeline"]),
        _text(value["digest"]),
        _count(value["documentCount"]),
        _count(value["chunkCount"]),
        tuple(
            IndexNames(
                _text(index["name"]),
                _text(index["modelFingerprint"]),
                _text(index["modelName"]),
                _count(index["dimensions"]),
                _text(index["expander"]) if index.get("expander") is not None else None,
                _text(index.get("expansionFingerprint") or ""),
                tuple(_segment(segment) for segment in index["segments"]),
            )
            for index in value["indexes"]
        ),
    )


def _segment(value: dict[str, Any]) -> SegmentName:
    name, tombstones = _text(value["name"]), value.get("tombstones")
    # A name is one of ours, so that a descriptor cannot lead out of the workspace.
    if _SEGMENT_NAME.fullmatch(name) is None:
        raise ValueError
    if tombstones is not None and _TOMBSTONES_NAME.fullmatch(_text(tombstones)) is None:
        raise ValueError
    return SegmentName(
        _count(value["shard"]),
        name,
        tombstones,
        _count(value["chunkCount"]),
        _count(value["documentCount"]),
        _count(value["byteCount"]),
    )


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


class LiveSegment:
    """A segment with the tombstones in force."""

    def __init__(self, workspace: str, named: SegmentName) -> None:
        folder = os.path.join(workspace, "shards", f"{named.shard:04d}", "segments")
        self.segment = Segment(os.path.join(folder, named.name))
        self.chunk_count = self.segment.chunk_count
        self.document_count = self.segment.document_count
        self.length_sum = self.segment.length_sum
        # Which documents and chunks are live; None when all are.
        self.live_documents: NDArray[np.bool_] | None = None
        self.live_chunks: NDArray[np.bool_] | None = None
        if named.tombstones is not None:
            self._bury(os.path.join(folder, named.tombstones))
        if (self.chunk_count, self.document_count) != (named.chunk_count, named.document_count):
            raise self.segment.corrupt("has not the rows that the snapshot names")

    def _bury(self, path: str) -> None:
        rows, chunks, lengths, dead = _read_tombstones(path, self.segment)
        self.live_documents = ~dead
        live = np.ones(self.segment.chunk_count, np.bool_)
        for row in np.flatnonzero(dead):
            found = self.segment.chunk_range(int(row))
            live[found.start : found.stop] = False
        if int((~live).sum()) != chunks:
            raise CorruptError(f"{path}: {chunks} dead chunks, the segment's rows give others")
        self.live_chunks = live
        self.chunk_count -= chunks
        self.document_count -= rows
        self.length_sum -= lengths

    def seen_by(self, labels: frozenset[str]) -> "LiveSegment":
        """The documents without any label but these, as if the segment held no others."""
        part = copy.copy(self)
        segment = self.segment
        seen = np.zeros(segment.document_count, np.bool_)
        for row in range(segment.document_count):
            if self.is_live(row):
                seen[row] = labels.issuperset(_labels(segment.document(row).metadata))
        chunks = np.zeros(segment.chunk_count, np.bool_)
        for row in np.flatnonzero(seen):
            found = segment.chunk_range(int(row))
            chunks[found.start : found.stop] = True
        part.live_documents, part.live_chunks = seen, chunks
        part.document_count = int(seen.sum())
        part.chunk_count = int(chunks.sum())
        part.length_sum = int(segment.lengths[chunks].sum())
        return part

    def is_live(self, row: int) -> bool:
        return self.live_documents is None or bool(self.live_documents[row])


_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BETWEEN_LABELS = re.compile(f"[,{_SPACE}]")
_LINE_END = re.compile(r"(?<!\r)\n")


def _labels(metadata: Mapping[str, str]) -> list[str]:
    """Who may see a document: Segments/SegmentConfiguration.swift."""
    text = metadata.get("labels", "")
    between = _LINE_END if _LINE_END.search(text) else _BETWEEN_LABELS
    return [label for label in between.split(text) if label]


def _read_tombstones(path: str, segment: Segment) -> tuple[int, int, int, NDArray[np.bool_]]:
    """Dead documents, dead chunks, the sum of their lengths, and the dead rows."""

    def corrupt(message: str) -> CorruptError:
        return CorruptError(f"{path}: {message}; type: millrace verify PIPELINE")

    try:
        data = bytes(map_file(path))
    except FileNotFoundError:
        raise NoSnapshotError(f"{path} is not there") from None
    if len(data) < 12 or data[:8] != _TOMBSTONES_MAGIC:
        raise corrupt("does not begin as tombstones do")
    version = struct.unpack_from("<I", data, 8)[0]
    if version != _TOMBSTONES_VERSION:
        error = TooNewError if version > _TOMBSTONES_VERSION else TooOldError
        raise error(f"{path}: format version {version}, this package reads {_TOMBSTONES_VERSION}")
    if len(data) < _TOMBSTONES_HEADER.size + 48:
        raise corrupt("too few bytes for tombstones")
    (_, _, rows, size, dead_count, chunks, lengths, _, of_segment, _, checksum) = (
        _TOMBSTONES_HEADER.unpack_from(data)
    )
    words = (rows + 63) // 64
    if zlib.crc32(data[: _TOMBSTONES_HEADER.size - 4]) != checksum:
        raise corrupt("the checksum of the header does not fit")
    if size != len(data) or len(data) != _TOMBSTONES_HEADER.size + 8 * words + 48:
        raise corrupt("the file has not the size that it says")
    footer = data[-48:]
    if (
        hashlib.sha256(data[:-48]).digest() != footer[:32]
        or struct.unpack_from("<Q", footer, 32)[0] != len(data)
        or footer[40:] != _TOMBSTONES_END
        or os.path.basename(path) != hashlib.sha256(data).hexdigest() + ".mrt"
    ):
        raise corrupt("the footer or the name does not fit the content")
    if of_segment.hex() != segment.name_digest() or rows != segment.document_count:
        raise corrupt("these are tombstones of another segment")
    octets = np.frombuffer(data, np.uint8, 8 * words, _TOMBSTONES_HEADER.size)
    bits = np.unpackbits(octets, bitorder="little").astype(np.bool_)
    if int(bits.sum()) != dead_count or bits[rows:].any():
        raise corrupt("the rows are not those of the header")
    return dead_count, chunks, lengths, bits[:rows]
