"""Packed blocks: *Posting list* and *Positions* in `SegmentFormat.md`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

POSTINGS_PER_BLOCK = 128
_LANES = 4
_HIGH_BITS = 8
_ENTRY = np.dtype(
    [
        ("last", "<u4"), ("gap_width", "u1"), ("count_width", "u1"), ("gap_exceptions", "u1"),
        ("count_exceptions", "u1"), ("bound", "u1"),
    ]
)


def unpacked_blocks(
    octets: NDArray[np.uint8], count: int
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], int]:
    """The chunks and counts of a list's `count` blocks, and how many of its bytes they take."""
    size = count * _ENTRY.itemsize
    if size > len(octets):
        raise ValueError("a list's table of blocks is longer than the list")
    chunks = np.empty(count * POSTINGS_PER_BLOCK, np.int64)
    counts = np.empty(count * POSTINGS_PER_BLOCK, np.int64)
    previous = -1
    for block, entry in enumerate(np.frombuffer(octets[:size].tobytes(), _ENTRY)):
        rows = slice(block * POSTINGS_PER_BLOCK, (block + 1) * POSTINGS_PER_BLOCK)
        parts = []
        # Both arrays come first, then the exceptions of both.
        places = [(entry["gap_width"], entry["gap_exceptions"]), (entry["count_width"], entry["count_exceptions"])]
        for width, exceptions in ((int(width), int(exceptions)) for width, exceptions in places):
            if width > 32 - (_HIGH_BITS if exceptions else 0) or size + 16 * width > len(octets):
                raise ValueError("a block of postings cannot be read")
            parts.append(_unpacked(octets[size : size + 16 * width], width))
            size += 16 * width
        for (width, exceptions), values in zip(places, parts):
            size = _patch(octets, size, int(exceptions), int(width), values)
        chunks[rows] = np.cumsum(parts[0] + 1) + previous
        counts[rows] = parts[1] + 1
        previous = int(entry["last"])
        if int(chunks[rows][-1]) != previous:
            raise ValueError("a block of postings does not end where its entry says")
    return (chunks, counts), size


def unpacked_values(octets: NDArray[np.uint8], count: int) -> tuple[NDArray[np.int64], int]:
    """The values of a list's `count` blocks, and how many of its bytes they take."""
    size = 2 * count
    if size > len(octets):
        raise ValueError("a list's table of blocks is longer than the list")
    found = [np.zeros(0, np.int64)]
    for width, exceptions in octets[:size].reshape(count, 2).astype(np.int64).tolist():
        if width > 32 - (_HIGH_BITS if exceptions else 0) or size + 16 * width > len(octets):
            raise ValueError("a block of positions cannot be read")
        values = _unpacked(octets[size : size + 16 * width], width)
        size = _patch(octets, size + 16 * width, exceptions, width, values)
        found.append(values)
    return np.concatenate(found), size


def _unpacked(octets: NDArray[np.uint8], width: int) -> NDArray[np.int64]:
    """128 values of `width` bits: value i in lane i mod 4, each lane a stream of bits in 32-bit words."""
    if width == 0:
        return np.zeros(POSTINGS_PER_BLOCK, np.int64)
    words = np.frombuffer(octets.tobytes(), "<u4").reshape(width, _LANES).astype(np.int64)
    bits = np.arange(POSTINGS_PER_BLOCK // _LANES) * width
    word, shift = bits // 32, bits % 32
    following = words[np.minimum(word + 1, width - 1)]
    whole: Any = words[word] | following << 32
    # The 64 bits may look negative; the shift keeps their order and the mask drops the sign.
    values: NDArray[np.int64] = (whole >> shift[:, None]) & ((1 << width) - 1)
    return values.reshape(-1)


def _patch(octets: NDArray[np.uint8], start: int, count: int, width: int, values: NDArray[np.int64]) -> int:
    """Adds the upper bits of the values that are wider; returns where their list ends."""
    end = start + 2 * count
    if end > len(octets):
        raise ValueError("a block of postings ends early")
    pairs = octets[start:end].reshape(count, 2).astype(np.int64)
    places = pairs[:, 0]
    if count and (int(places[-1]) >= POSTINGS_PER_BLOCK or np.any(np.diff(places) <= 0)):
        raise ValueError("the exceptions of a block of postings are out of order")
    values[places] |= pairs[:, 1] << width
    return end
