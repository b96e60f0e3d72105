"""A mapped segment: `Sources/Segments/Segments.docc/SegmentFormat.md`, versions 2 to 5.

Opening reads the header and the section table, whose checksum is looked at; a section's own checksum is
looked at when it is first used (texts have their SHA-256 instead), so a changed byte is an error and
never another answer.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from bisect import bisect_left
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .blocks import POSTINGS_PER_BLOCK as _POSTINGS_PER_BLOCK
from .blocks import unpacked_blocks, unpacked_values
from .dates import date_of
from .errors import CorruptError, NoSnapshotError, TooNewError, TooOldError
from .files import Cursor, map_file
from .vectors import BinaryQuery, PackedRows, products

VERSION = 5
OLDEST_VERSION = 2
# The first whose long lists of postings are in packed blocks and whose terms have positions; documents have dates since.
_PACKED_VERSION = 5
_MAGIC = b"\x89MRS\r\n\x1a\n"
_END_MAGIC = b"MRS-END\n"
_HEADER = struct.Struct("<8sIIQIIIIIIQQQIIII32sII")
_ENTRY = struct.Struct("<IIQQ")
_SECTIONS = (
    "description", "documents", "documentStrings", "labels", "headings", "headingPaths", "chunks",
    "chunkLengths", "textOffsets", "text", "vectors", "codes", "factors", "termIndex", "terms",
    "postings", "attributeIndex", "attributes", "attributePostings", "expansionIndex", "expansions",
    "expansionPostings", "positions", "dates",
)
# How many of them each version has.
_SECTION_COUNTS = {2: 16, 3: 19, 4: 22, 5: 24}
# The sections of the lists of chunks: by words, and by expansions.
_LISTS = {
    "words": ("termIndex", "terms", "postings"),
    "expansions": ("expansionIndex", "expansions", "expansionPostings"),
}
_TABLE_OFFSET = 128
_FOOTER_BYTES = 48
_ALIGNMENT = 64
_TEXT_BLOCK_BYTES = 1 << 16
_TERMS_PER_BLOCK = 64
_TERM_BYTES_MAX = 1 << 12
_CODE_REVISION = 1
_DIMENSIONS_MAX = 1 << 16
_VECTOR_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f4"), 2: np.dtype("<f2")}
_PACKED = 3
# Packed rows that are turned to vectors at once.
_ROWS_UNPACKED = 1 << 13

DOCUMENT_ROW = np.dtype(
    [
        ("high", "<u8"), ("low", "<u8"), ("first_chunk", "<u4"), ("chunk_count", "<u4"),
        ("strings", "<u8"), ("string_bytes", "<u4"), ("language", "<u4"), ("source", "<u4"),
        ("media_type", "<u4"),
    ]
)
CHUNK_ROW = np.dtype(
    [
        ("document", "<u4"), ("ordinal", "<u4"), ("start", "<u4"), ("end", "<u4"),
        ("tokens", "<u4"), ("page", "<u4"), ("headings", "<u4"), ("text_bytes", "<u4"),
        ("text", "<u8"), ("text_hash", "u1", (32,)), ("page_label", "<u4"), ("box", "<u2", (4,)),
    ]
)


class Entry(NamedTuple):
    checksum: int
    offset: int
    size: int


class Document(NamedTuple):
    """The strings of a document."""

    id: str
    uri: str
    title: str
    source: str
    language: str
    media_type: str
    metadata: dict[str, str]


class Postings(NamedTuple):
    """The chunks that hold a term, ascending, and how often each does."""

    chunks: NDArray[np.int64]
    counts: NDArray[np.int64]


class Segment:
    """One file; see the module."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._map = map_file(path)
        except FileNotFoundError:
            raise NoSnapshotError(f"{path} is not there") from None
        self._data = memoryview(self._map)
        self._checked: set[str] = set()
        self._text_block = lru_cache(maxsize=16)(self._expanded)
        self._first_term = lru_cache(maxsize=1 << 14)(self._read_first_term)
        self._block_terms = lru_cache(maxsize=1 << 10)(self._read_block_terms)
        self._read_header()
        self._read_description()
        self._check_sizes()

    # MARK: What is said of the whole

    def corrupt(self, message: str) -> CorruptError:
        return CorruptError(
            f"{self.path}: {message}; type: millrace verify PIPELINE, "
            "then millrace sync PIPELINE --paranoid"
        )

    def _read_header(self) -> None:
        data = self._data
        if len(data) < 12 or bytes(data[:8]) != _MAGIC:
            raise self.corrupt("does not begin as a segment does")
        version = struct.unpack_from("<I", data, 8)[0]
        if version > VERSION:
            raise TooNewError(
                f"{self.path}: format version {version}, this package reads {OLDEST_VERSION} to {VERSION}; "
                "use the package of the program that wrote it"
            )
        if version < OLDEST_VERSION:
            raise TooOldError(
                f"{self.path}: format version {version}, this package reads {OLDEST_VERSION} to {VERSION}; "
                "type: millrace sync PIPELINE"
            )
        self.version = int(version)
        self._sections = _SECTIONS[: _SECTION_COUNTS[self.version]]
        table_end = _TABLE_OFFSET + len(self._sections) * _ENTRY.size
        if len(data) < table_end + _FOOTER_BYTES:
            raise self.corrupt(f"{len(data)} bytes are too few for a segment")
        head = zlib.crc32(data[_TABLE_OFFSET:table_end], zlib.crc32(data[:124]))
        (
            _, _, sections, size, self.dimensions, self.encoding, self.code_words,
            self.analyzer_revision, self.chunk_count, self.document_count, self.term_count,
            self.length_sum, self.text_bytes, text_block, _, terms_per_block, code_revision,
            self.digest, self._attribute_count, checksum,
        ) = _HEADER.unpack_from(data, 0)
        if head != checksum:
            raise self.corrupt("the checksum of the header does not fit")
        if size != len(data) or sections != len(self._sections):
            raise self.corrupt("the file has not the size that it says")
        if (
            text_block != _TEXT_BLOCK_BYTES
            or terms_per_block != _TERMS_PER_BLOCK
            or code_revision != _CODE_REVISION
            or self.encoding not in ((0, 1, 2, _PACKED) if version > 2 else (0, 1, 2))
            or (self.dimensions == 0) != (self.encoding == 0)
            or self.dimensions > _DIMENSIONS_MAX
            or self.code_words != (self.dimensions + 63) // 64
        ):
            raise self.corrupt(f"the header's constants are not those of version {self.version}")
        self._entries = self._read_table(table_end)

    def _read_table(self, table_end: int) -> dict[str, Entry]:
        entries, following = {}, (table_end + _ALIGNMENT - 1) // _ALIGNMENT * _ALIGNMENT
        end = len(self._data) - _FOOTER_BYTES
        for number, name in enumerate(self._sections, start=1):
            at = _TABLE_OFFSET + (number - 1) * _ENTRY.size
            found, checksum, offset, size = _ENTRY.unpack_from(self._data, at)
            if found != number or offset != following or size > end - offset:
                raise self.corrupt(f"section {name} is not where it belongs")
            entries[name] = Entry(checksum, offset, size)
            following = min((offset + size + _ALIGNMENT - 1) // _ALIGNMENT * _ALIGNMENT, end)
        if following != end:
            raise self.corrupt("the sections do not end at the footer")
        return entries

    def _check_sizes(self) -> None:
        padded = 64 * self.code_words
        if self.is_packed:
            vector = padded + padded // 8 + 2
        else:
            vector = self.dimensions * (_VECTOR_TYPES[self.encoding].itemsize if self.encoding else 0)
        text_blocks = -(-self.text_bytes // _TEXT_BLOCK_BYTES)
        self._term_counts = {"words": self.term_count, "expansions": self.expansion_count}
        expected = {
            "documents": self.document_count * DOCUMENT_ROW.itemsize,
            "chunks": self.chunk_count * CHUNK_ROW.itemsize,
            "chunkLengths": self.chunk_count * 4,
            "textOffsets": (text_blocks + 1) * 8,
            "vectors": self.chunk_count * vector,
            "codes": self.chunk_count * self.code_words * 8,
            "factors": self.chunk_count * (8 if self.dimensions else 0),
            "termIndex": (-(-self.term_count // _TERMS_PER_BLOCK) + 1) * 8,
        }
        if "attributeIndex" in self._entries:
            expected["attributeIndex"] = (-(-self._attribute_count // _TERMS_PER_BLOCK) + 1) * 8
        if "expansionIndex" in self._entries:
            expected["expansionIndex"] = (-(-self.expansion_count // _TERMS_PER_BLOCK) + 1) * 8
        if "dates" in self._entries:
            expected["dates"] = self.document_count * 8
        for name, size in expected.items():
            if self._entries[name].size != size:
                raise self.corrupt(
                    f"section {name} has {self._entries[name].size} bytes, expected {size}"
                )

    def _read_description(self) -> None:
        cursor = Cursor(self._bytes("description"), f"{self.path}: the description")
        pairs = cursor.pairs()
        if not cursor.is_at_end or "index" not in pairs or "model" not in pairs:
            raise self.corrupt("the description cannot be read")
        self.index_name = pairs["index"]
        self.model_fingerprint = pairs["model"]
        self.expansion_fingerprint, self.expansion_count = "", 0
        # Version 4 is that of files with expansions; since 5 the description says whether there are any.
        if self.version == 4 or "expansion" in pairs:
            count = pairs.get("expansion.terms", "")
            if self.version < 4 or not pairs.get("expansion") or not count.isascii() or not count.isdigit() or len(count) > 10:
                raise self.corrupt("the description cannot be read")
            self.expansion_fingerprint, self.expansion_count = pairs["expansion"], int(count)

    @property
    def has_expansions(self) -> bool:
        return bool(self.expansion_fingerprint)

    # MARK: Sections

    def _section(self, name: str, is_checked: bool = True) -> memoryview:
        entry = self._entries[name]
        view = self._data[entry.offset : entry.offset + entry.size]
        if is_checked and name not in self._checked:
            if zlib.crc32(view) != entry.checksum:
                raise self.corrupt(f"the checksum of section {name} does not fit")
            self._checked.add(name)
        return view

    def _bytes(self, name: str) -> bytes:
        return bytes(self._section(name))

    def _array(self, name: str, dtype: Any) -> NDArray[Any]:
        return np.frombuffer(self._section(name), dtype)

    @property
    def documents(self) -> NDArray[Any]:
        return self._array("documents", DOCUMENT_ROW)

    @property
    def chunks(self) -> NDArray[Any]:
        return self._array("chunks", CHUNK_ROW)

    @property
    def lengths(self) -> NDArray[Any]:
        return self._array("chunkLengths", "<u4")

    @property
    def vectors(self) -> NDArray[Any]:
        """A row a chunk: a read-only view of the file, or made of packed rows."""
        if self.dimensions == 0:
            return np.zeros((self.chunk_count, 0), np.float32)
        if self.is_packed:
            found = np.empty((self.chunk_count, self.dimensions), np.float32)
            for start in range(0, self.chunk_count, _ROWS_UNPACKED):
                rows = slice(start, min(start + _ROWS_UNPACKED, self.chunk_count))
                found[rows] = PackedRows(self.codes[rows], self._packed[rows]).vectors(self.dimensions)
            found.flags.writeable = False
            return found
        values = self._array("vectors", _VECTOR_TYPES[self.encoding])
        return values.reshape(self.chunk_count, self.dimensions)

    @property
    def is_packed(self) -> bool:
        return bool(self.encoding == _PACKED)

    @property
    def _packed(self) -> NDArray[np.uint8]:
        rows: NDArray[np.uint8] = self._array("vectors", np.uint8).reshape(self.chunk_count, -1)
        return rows

    def similarities(
        self, rows: NDArray[np.int64], query: NDArray[np.float32], coded: BinaryQuery
    ) -> NDArray[np.float32]:
        """The inner products of a query with the vectors of some chunks."""
        if self.is_packed:
            return PackedRows(self.codes[rows], self._packed[rows]).products(coded)
        return products(self.vectors[rows].astype(np.float32), query)

    @property
    def codes(self) -> NDArray[Any]:
        return self._array("codes", "<u8").reshape(self.chunk_count, self.code_words)

    @property
    def factors(self) -> NDArray[Any]:
        """Two a chunk: what turns its code into an estimate, 0 where it has no vector; and the estimate's spread."""
        return self._array("factors", "<f4").reshape(self.chunk_count, 2)

    @property
    def spreads(self) -> NDArray[Any]:
        """How far a chunk's estimate is likely to be off, for a query of length 1."""
        return self._array("factors", "<f4").reshape(self.chunk_count, 2)[:, 1]

    # MARK: Tables and strings

    def _table_entry(self, name: str, number: int, unit: int = 1) -> memoryview:
        view = self._section(name)
        count = struct.unpack_from("<I", view, 0)[0] if len(view) >= 4 else 0
        base = 4 + 4 * (count + 1)
        if len(view) < base or number >= count:
            raise self.corrupt(f"section {name} has no entry {number}")
        start, end = struct.unpack_from("<II", view, 4 + 4 * number)
        if start > end or base + unit * end > len(view):
            raise self.corrupt(f"entry {number} of section {name} lies outside it")
        return view[base + unit * start : base + unit * end]

    def _text_of(self, name: str, number: int) -> str:
        return bytes(self._table_entry(name, number)).decode("utf-8", "replace")

    def label(self, number: int) -> str:
        """A language, source, media type or page label."""
        return self._text_of("labels", number)

    def labels(self) -> list[str]:
        view = self._section("labels")
        count = struct.unpack_from("<I", view, 0)[0] if len(view) >= 4 else 0
        if 4 + 4 * (count + 1) > len(view):
            return []
        return [self.label(number) for number in range(count)]

    def headings(self, path: int) -> list[str]:
        """Outermost first."""
        numbers = np.frombuffer(self._table_entry("headingPaths", path, unit=4), "<u4")
        return [self._text_of("headings", int(number)) for number in numbers]

    def document(self, row: int) -> Document:
        found = self.documents[row]
        strings = self._section("documentStrings")
        start, size = int(found["strings"]), int(found["string_bytes"])
        if start + size > len(strings):
            raise self.corrupt(f"document row {row} points outside the file")
        cursor = Cursor(
            bytes(strings[start : start + size]), f"{self.path}: the strings of document row {row}"
        )
        uri, title, metadata = cursor.text(), cursor.text(), cursor.pairs()
        if not cursor.is_at_end:
            raise self.corrupt(f"the strings of document row {row} cannot be read")
        return Document(
            f"{int(found['high']):016x}{int(found['low']):016x}",
            uri,
            title,
            self.label(int(found["source"])),
            self.label(int(found["language"])),
            self.label(int(found["media_type"])),
            metadata,
        )

    def dates(self) -> NDArray[np.int64]:
        """Seconds since 1970 a document; NO_DATE for none."""
        if "dates" in self._entries:
            found: NDArray[np.int64] = self._array("dates", "<i8")
            return found
        return np.array([date_of(self.document(row).metadata) for row in range(self.document_count)], np.int64)

    def document_row(self, high: int, low: int) -> int | None:
        """The row of the document with this id."""
        documents = self.documents
        first = int(np.searchsorted(documents["high"], np.uint64(high), side="left"))
        while first < len(documents) and int(documents["high"][first]) == high:
            if int(documents["low"][first]) == low:
                return first
            first += 1
        return None

    def chunk_range(self, row: int) -> range:
        found = self.documents[row]
        first, count = int(found["first_chunk"]), int(found["chunk_count"])
        if first + count > self.chunk_count:
            raise self.corrupt(f"document row {row} points outside the file")
        return range(first, first + count)

    # MARK: Texts

    def text(self, chunk: int) -> str:
        """The chunk's text, only where it is the one that was written: its SHA-256 is looked at."""
        row = self.chunks[chunk]
        start, size = int(row["text"]), int(row["text_bytes"])
        if start + size > self.text_bytes:
            raise self.corrupt(f"chunk row {chunk} points outside the file")
        parts, offset = [], start
        while offset < start + size:
            block = offset // _TEXT_BLOCK_BYTES
            found = self._text_block(block)
            begin = offset - block * _TEXT_BLOCK_BYTES
            part = found[begin : begin + start + size - offset]
            if not part:
                raise self.corrupt(f"text block {block} is too short")
            parts.append(part)
            offset += len(part)
        whole = b"".join(parts)
        if hashlib.sha256(whole).digest() != row["text_hash"].tobytes():
            raise self.corrupt(f"the text of chunk row {chunk} does not fit its hash")
        return whole.decode("utf-8", "replace")

    def _expanded(self, block: int) -> bytes:
        offsets = self._section("textOffsets")
        start, end = struct.unpack_from("<QQ", offsets, 8 * block)
        text = self._section("text", is_checked=False)
        if start > end or end > len(text):
            raise self.corrupt(f"text block {block} lies outside the file")
        expected = min(_TEXT_BLOCK_BYTES, self.text_bytes - block * _TEXT_BLOCK_BYTES)
        try:
            expander = zlib.decompressobj(-15)
            found = expander.decompress(text[start:end], expected + 1)
        except zlib.error:
            found = b""
        if len(found) != expected:
            raise self.corrupt(f"text block {block} does not expand to {expected} bytes")
        return found

    # MARK: Terms

    def _term_block(self, kind: str, number: int) -> Cursor:
        index, names, _ = _LISTS[kind]
        start, end = struct.unpack_from("<QQ", self._section(index), 8 * number)
        terms = self._section(names)
        if start >= end or end > len(terms):
            raise self.corrupt(f"block {number} of {names} lies outside the file")
        return Cursor(bytes(terms[start:end]), f"{self.path}: block {number} of {names}")

    def _read_first_term(self, kind: str, number: int) -> bytes:
        cursor = self._term_block(kind, number)
        cursor.varint(self._entries[_LISTS[kind][2]].size)
        if self._has_positions(kind):
            cursor.varint(self._entries["positions"].size)
        if cursor.varint(0) != 0:
            raise self.corrupt(f"term block {number} cannot be read")
        return cursor.take(cursor.varint(_TERM_BYTES_MAX))

    def find_term(self, term: bytes, kind: str = "words") -> tuple[int, int, int] | None:
        """How many chunks hold the term, and where its postings start and end; `kind` names the lists."""
        if kind == "expansions" and not self.has_expansions:
            return None
        low, high = 0, -(-self._term_counts[kind] // _TERMS_PER_BLOCK)
        while low < high:
            middle = (low + high) // 2
            if self._first_term(kind, middle) > term:
                high = middle
            else:
                low = middle + 1
        if low == 0:
            return None
        terms, entries, _ = self._block_terms(kind, low - 1)
        place = bisect_left(terms, term)
        return entries[place] if place < len(terms) and terms[place] == term else None

    @property
    def has_positions(self) -> bool:
        return self.version >= _PACKED_VERSION

    def _has_positions(self, kind: str) -> bool:
        return kind == "words" and self.has_positions

    def places(self, term: bytes) -> NDArray[np.int64]:
        """Where a word stands: chunk × 2^32 + which word of the chunk's terms, ascending."""
        entry = self.find_term(term)
        if entry is None:
            return np.zeros(0, np.int64)
        start, end = self._position_bytes(term)
        found = self.postings(*entry)
        total = int(found.counts.sum())
        octets = np.frombuffer(self._section("positions")[start:end], np.uint8)
        try:
            packed, size = unpacked_values(octets, total // _POSTINGS_PER_BLOCK)
        except ValueError as error:
            raise self.corrupt(str(error)) from None
        steps = np.concatenate((packed, self._varints(octets[size:])))
        if len(steps) != total:
            raise self.corrupt(f"a term has {len(steps)} positions, expected {total}")
        # Each posting's steps begin anew.
        sums = np.cumsum(steps)
        firsts = np.cumsum(found.counts) - found.counts
        before = sums[firsts] - steps[firsts] if total else sums
        return (np.repeat(found.chunks, found.counts) << 32) + sums - np.repeat(before, found.counts)

    def _position_bytes(self, term: bytes) -> tuple[int, int]:
        low, high = 0, -(-self.term_count // _TERMS_PER_BLOCK)
        while low < high:
            middle = (low + high) // 2
            if self._first_term("words", middle) > term:
                high = middle
            else:
                low = middle + 1
        terms, _, positions = self._block_terms("words", low - 1)
        return positions[bisect_left(terms, term)]

    def _read_block_terms(self, kind: str, number: int) -> tuple[list[bytes], list[tuple[int, int, int]], list[tuple[int, int]]]:
        """The terms of a block with their counts of chunks, the bytes of their postings and of their positions."""
        cursor = self._term_block(kind, number)
        limit = self._entries[_LISTS[kind][2]].size
        start, found = cursor.varint(limit), b""
        has_positions = self._has_positions(kind)
        position_limit = self._entries["positions"].size if has_positions else 0
        place = cursor.varint(position_limit) if has_positions else 0
        terms, entries, positions = [], [], []
        for _ in range(min(_TERMS_PER_BLOCK, self._term_counts[kind] - number * _TERMS_PER_BLOCK)):
            shared = cursor.varint(len(found))
            following = found[:shared] + cursor.take(cursor.varint(_TERM_BYTES_MAX - shared))
            if following <= found:
                raise self.corrupt(f"the terms of block {number} are out of order")
            found = following
            count = cursor.varint(0xFFFFFFFF)
            end = start + cursor.varint(limit - start)
            terms.append(found)
            entries.append((count, start, end))
            start = end
            if has_positions:
                behind = place + cursor.varint(position_limit - place)
                positions.append((place, behind))
                place = behind
        return terms, entries, positions

    def postings(self, count: int, start: int, end: int, kind: str = "words") -> Postings:
        """The posting list at these bytes, which has `count` chunks."""
        octets = np.frombuffer(self._section(_LISTS[kind][2])[start:end], np.uint8)
        packed = count // _POSTINGS_PER_BLOCK if self.version >= _PACKED_VERSION else 0
        if packed == 0:
            return self._plain_postings(octets, count, -1)
        try:
            blocks, size = unpacked_blocks(octets, packed)
        except ValueError as error:
            raise self.corrupt(str(error)) from None
        last = int(blocks[0][-1])
        rest = self._plain_postings(octets[size:], count - packed * _POSTINGS_PER_BLOCK, last)
        if last >= self.chunk_count:
            raise self.corrupt("postings name a chunk that is not there")
        return Postings(np.concatenate((blocks[0], rest.chunks)), np.concatenate((blocks[1], rest.counts)))

    def _plain_postings(self, octets: NDArray[np.uint8], count: int, previous: int) -> Postings:
        """Postings that are not packed; their first gap is from the chunk `previous`."""
        values = self._varints(octets)
        is_even = values & 1 == 0
        # A code that is even is followed by a count; a value after an odd one is a code.
        begins = np.zeros(len(values), np.int64)
        if len(values):
            begins[1:] = np.where(is_even[:-1], 0, np.arange(1, len(values)))
            begins = np.maximum.accumulate(begins)
        is_count = (np.arange(len(values)) - begins) % 2 == 1
        places = np.flatnonzero(~is_count)
        codes = values[places]
        if len(codes) != count or (len(codes) and is_even[places[-1]] and not is_count[-1]):
            raise self.corrupt(f"a term has {len(codes)} postings, expected {count}")
        gaps = codes >> 1
        if len(gaps) and int(gaps.max()) >= self.chunk_count:
            raise self.corrupt("postings name a chunk that is not there")
        chunks = np.cumsum(gaps + 1) + previous
        if len(chunks) and int(chunks[-1]) >= self.chunk_count:
            raise self.corrupt("postings name a chunk that is not there")
        counts = np.ones(len(codes), np.int64)
        many = np.flatnonzero(is_even[places])
        counts[many] = values[places[many] + 1] + 2
        return Postings(chunks, counts)

    def _varints(self, octets: NDArray[np.uint8]) -> NDArray[np.int64]:
        ends = np.flatnonzero(octets < 0x80)
        if len(octets) and (len(ends) == 0 or ends[-1] != len(octets) - 1):
            raise self.corrupt("postings end early")
        starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
        sizes = ends - starts + 1
        longest = int(sizes.max()) if len(sizes) else 0
        if longest > 5:
            raise self.corrupt("postings cannot be read")
        values = np.zeros(len(ends), np.int64)
        for place in range(longest):
            rows = np.flatnonzero(sizes > place)
            values[rows] |= (octets[starts[rows] + place] & 0x7F).astype(np.int64) << (7 * place)
        return values

    # MARK: Verifying

    def verify(self) -> None:
        """Looks at the name, the footer, every checksum and every text; CorruptError at the first."""
        body, footer = self._data[:-_FOOTER_BYTES], self._data[-_FOOTER_BYTES:]
        name = self.path.rsplit("/", 1)[-1]
        hasher = hashlib.sha256(body)
        content = hasher.digest()
        hasher.update(footer)
        if (
            bytes(footer[:32]) != content
            or struct.unpack_from("<Q", footer, 32)[0] != len(self._data)
            or bytes(footer[40:]) != _END_MAGIC
        ):
            raise self.corrupt("the footer does not fit the content")
        if name != hasher.hexdigest() + ".mrs":
            raise self.corrupt(f"the content's name is {hasher.hexdigest()}.mrs")
        for section in self._sections:
            self._section(section)
        for chunk in range(self.chunk_count):
            self.text(chunk)

    def name_digest(self) -> str:
        return self.path.rsplit("/", 1)[-1].removesuffix(".mrs")
