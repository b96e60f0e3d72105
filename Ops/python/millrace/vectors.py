"""Rotation, codes and inner products in the order of additions that the program has.

`Vectors/Rotation.swift`, `Vectors/BinaryCodes.swift`, `Vectors/PackedVectors.swift` and `CKernels` say the
rules; every step is a single-precision operation that rounds by itself, or exact, so the bits are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SEED = 0x9E3779B97F4A7C15
_ROUNDS = 3
_LANES = 32
_FINE_LEVELS = 32767

Vector = NDArray[np.float32]


def _signs(count: int) -> Vector:
    """+1 or -1: the bits of SplitMix64, lowest first; 1 flips."""
    mask = (1 << 64) - 1
    state, words = _SEED, []
    for _ in range((count + 63) // 64):
        state = (state + 0x9E3779B97F4A7C15) & mask
        word = state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & mask
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & mask
        words.append(word ^ (word >> 31))
    bits = np.unpackbits(np.array(words, "<u8").view(np.uint8), bitorder="little")
    return np.where(bits[:count] == 1, np.float32(-1), np.float32(1))


def _hadamard(values: Vector, scale: np.float32) -> Vector:
    step = 1
    while step < values.shape[-1]:
        pairs = values.reshape(*values.shape[:-1], -1, 2, step)
        first, second = pairs[..., 0, :], pairs[..., 1, :]
        values = np.stack((first + second, first - second), -2).reshape(values.shape)
        step *= 2
    return values * scale


def _rounds(padded: int) -> tuple[Vector, int, np.float32]:
    """The signs of each round, and the size and the scale of a transform."""
    block = 64
    while block * 2 <= padded:
        block *= 2
    signs = _signs(padded * _ROUNDS).reshape(_ROUNDS, padded)
    return signs, block, np.float32(1) / np.sqrt(np.float32(block))


def rotated(vector: Vector) -> Vector:
    """The vector, padded to a multiple of 64, by three rounds of signs and Hadamard transforms."""
    padded = (len(vector) + 63) // 64 * 64
    values = np.zeros(padded, np.float32)
    values[: len(vector)] = vector
    signs, block, scale = _rounds(padded)
    for round_signs in signs:
        values = values * round_signs
        values[:block] = _hadamard(values[:block].copy(), scale)
        if block < padded:
            values[padded - block :] = _hadamard(values[padded - block :].copy(), scale)
    return values


def _turned_back(rows: Vector) -> Vector:
    """Undoes `rotated` for each row, up to rounding."""
    signs, block, scale = _rounds(rows.shape[1])
    for round_signs in signs[::-1]:
        if block < rows.shape[1]:
            rows[:, rows.shape[1] - block :] = _hadamard(rows[:, rows.shape[1] - block :].copy(), scale)
        rows[:, :block] = _hadamard(rows[:, :block].copy(), scale)
        rows = rows * round_signs
    return rows


class PackedRows:
    """Vectors of ten bits a coordinate: nine of magnitude in a row, the sign in its code."""

    def __init__(self, codes: NDArray[np.uint64], rows: NDArray[np.uint8]) -> None:
        padded = 64 * codes.shape[1]
        lows = np.unpackbits(rows[:, padded:-2], axis=1, bitorder="little")
        positive = np.unpackbits(np.ascontiguousarray(codes).view(np.uint8), axis=1, bitorder="little")
        magnitudes = 4 * rows[:, :padded].astype(np.int32) + 2 * lows + 1
        self._values = np.where(positive == 1, magnitudes, -magnitudes)
        halves = np.ascontiguousarray(rows[:, -2:]).view("<u2")[:, 0]
        self._steps: Vector = (halves.astype(np.uint32) << 16).view(np.float32)

    def products(self, query: "BinaryQuery") -> Vector:
        """The inner product of each with the query: a sum in integers, times both steps."""
        # Whole numbers below 2^53: exact in whatever order they are added.
        totals = self._values.astype(np.float64) @ query.fine
        return totals.astype(np.float32) * self._steps * query.fine_step

    def vectors(self, dimensions: int) -> Vector:
        """What the rows stand for."""
        return _turned_back(self._values.astype(np.float32) * self._steps[:, None])[:, :dimensions]


@dataclass(frozen=True)
class BinaryQuery:
    """A rotated query rounded to four bits a coordinate, and finely for ranking packed vectors."""

    step: np.float32
    planes: NDArray[np.uint64]
    constant: int
    fine: NDArray[np.float64]
    fine_step: np.float32

    @classmethod
    def of(cls, vector: Vector) -> "BinaryQuery":
        values = rotated(vector)
        step = np.float32(np.max(np.abs(values))) / np.float32(15)
        if step > 0:
            position = (values / step + np.float32(15)) / np.float32(2)
        else:
            position = np.zeros(len(values), np.float32)
        levels = np.clip(np.rint(position), 0, 15).astype(np.uint8)
        planes = [
            np.packbits((levels >> plane) & 1, bitorder="little").view("<u8") for plane in range(4)
        ]
        fine_step = np.float32(np.max(np.abs(values))) / np.float32(_FINE_LEVELS)
        fine = values / fine_step if fine_step > 0 else np.zeros(len(values), np.float32)
        constant = 15 * len(values) - 2 * int(levels.sum(dtype=np.int64))
        whole = np.clip(np.rint(fine), -_FINE_LEVELS, _FINE_LEVELS).astype(np.float64)
        return cls(step, np.stack(planes), constant, whole, fine_step)

    def scan(self, codes: NDArray[np.uint64], scales: Vector) -> Vector:
        """Estimates of the inner products with coded vectors: one row of words a vector."""
        ones = _ones(codes)
        weighted = np.zeros(len(codes), np.int32)
        for plane in range(4):
            weighted += _ones(codes & self.planes[plane]) << np.int32(plane)
        total = 4 * weighted - 30 * ones + np.int32(self.constant)
        return total.astype(np.float32) * scales * self.step


_BYTE_ONES = np.array([bin(byte).count("1") for byte in range(256)], np.uint8)


def _ones(words: NDArray[np.uint64]) -> NDArray[np.int32]:
    """How many bits of each row are set."""
    if hasattr(np, "bitwise_count"):
        found: NDArray[np.int32] = np.bitwise_count(words).sum(axis=1, dtype=np.int32)
        return found
    octets = np.ascontiguousarray(words).view(np.uint8)
    counted: NDArray[np.int32] = _BYTE_ONES[octets].sum(axis=1, dtype=np.int32)
    return counted


def products(rows: Vector, query: Vector) -> Vector:
    """The inner product of each row with `query`: 32 lanes, ascending, then halves."""
    count, dimensions = rows.shape
    padded = (dimensions + _LANES - 1) // _LANES * _LANES
    left = np.zeros((count, padded), np.float32)
    left[:, :dimensions] = rows
    right = np.zeros(padded, np.float32)
    right[:dimensions] = query
    lanes = np.zeros((count, _LANES), np.float32)
    for start in range(0, padded, _LANES):
        lanes = lanes + left[:, start : start + _LANES] * right[start : start + _LANES]
    half = _LANES // 2
    while half > 0:
        lanes = lanes[:, :half] + lanes[:, half : 2 * half]
        half //= 2
    return lanes[:, 0]
