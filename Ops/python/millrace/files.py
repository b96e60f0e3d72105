"""Bytes of mapped files, read without trusting them."""

from __future__ import annotations

import mmap
import os
import struct

from .errors import CorruptError


def map_file(path: str) -> mmap.mmap | bytes:
    """The bytes of a file, mapped read-only; empty bytes for an empty file.

    Throws FileNotFoundError and other OSError as they come.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        return mmap.mmap(descriptor, size, access=mmap.ACCESS_READ) if size else b""
    finally:
        os.close(descriptor)


class Cursor:
    """Reads forward; CorruptError at the first value that is not wholly there."""

    def __init__(self, data: bytes, what: str, offset: int = 0) -> None:
        self.data = data
        self.what = what
        self.offset = offset

    @property
    def is_at_end(self) -> bool:
        return self.offset >= len(self.data)

    def varint(self, limit: int) -> int:
        """An unsigned LEB128 of at most `limit`."""
        if self.offset < len(self.data) and self.data[self.offset] < 0x80:
            value = self.data[self.offset]
            if value <= limit:
                self.offset += 1
                return value
        value = shift = 0
        while self.offset < len(self.data) and shift < 64:
            byte = self.data[self.offset]
            self.offset += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value > limit:
                    break
                return value
            shift += 7
        raise CorruptError(f"{self.what} cannot be read")

    def take(self, count: int) -> bytes:
        if count > len(self.data) - self.offset:
            raise CorruptError(f"{self.what} cannot be read")
        self.offset += count
        return self.data[self.offset - count : self.offset]

    def number(self) -> int:
        value: int = struct.unpack("<I", self.take(4))[0]
        return value

    def text(self) -> str:
        return self.take(self.number()).decode("utf-8", "replace")

    def pairs(self) -> dict[str, str]:
        """Key and value as counted texts behind their number; as many as the bytes can hold."""
        count = self.number()
        if count > (len(self.data) - self.offset) // 8:
            raise CorruptError(f"{self.what} cannot be read")
        return {self.text(): self.text() for _ in range(count)}
