"""The vectors of queries, with the bits that the program gives them.

`hash` and static models (Model2Vec) are computed here; the query vector of another model is yours to
give: `index.search(text, vector=…)` or `millrace.open(…, embed=function)`.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import pathlib
from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .errors import ModelError
from .parameters import HASH_REVISION, LENGTH_EPSILON, STATIC_REVISION, STATIC_TOKENS_MAX
from .wordpiece import WordPiece

Vector = NDArray[np.float32]
Embed = Callable[[str], Sequence[float]]

_FIELDS = (
    "name", "sha256", "tokenizer", "dimensions", "query-prefix", "passage-prefix", "precision",
    "maximum-tokens", "revision",
)
_LANES = 16


def fingerprint(fields: dict[str, str]) -> str:
    """One line a field, each value behind its count of bytes (Embedding/ModelIdentity.swift)."""
    return "".join(f"{key}={len(fields[key].encode())}:{fields[key]}\n" for key in _FIELDS)


def fields_of(text: str) -> dict[str, str]:
    """The fields of a fingerprint; those that can be read."""
    found: dict[str, str] = {}
    rest = text.encode()
    while rest:
        key, equals, rest = rest.partition(b"=")
        count, colon, rest = rest.partition(b":")
        if not equals or not colon or not count.isdigit() or len(count) > 9:
            break
        size = int(count)
        found[key.decode("utf-8", "replace")] = rest[:size].decode("utf-8", "replace")
        rest = rest[size + 1 :]
    return found


def scaled_to_unit(vector: Vector) -> Vector:
    """Divided by its length, whose sum runs in 16 lanes (CKernels/embedding.c)."""
    whole = len(vector) // _LANES * _LANES
    lanes = np.zeros(_LANES, np.float32)
    for row in vector[:whole].reshape(-1, _LANES):
        lanes = lanes + row * row
    for value in vector[whole:]:
        lanes[0] = lanes[0] + value * value
    total = np.float32(0)
    for lane in lanes:
        total = total + lane
    scaled: Vector = vector / (np.sqrt(total) + np.float32(LENGTH_EPSILON))
    return scaled


class HashModel:
    """A signed hash of each word, summed and scaled to length 1: for tests."""

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self.fields = dict(
            zip(
                _FIELDS,
                ("hash", "", "words", str(dimensions), "", "", "f32", str((1 << 31) - 1),
                 str(HASH_REVISION)),
            )
        )

    def embed(self, text: str) -> Vector:
        sums = np.zeros(self.dimensions, np.float32)
        word = bytearray()
        for byte in text.encode() + b" ":
            if 0x41 <= byte <= 0x5A:
                word.append(byte | 0x20)
            elif 0x61 <= byte <= 0x7A or 0x30 <= byte <= 0x39 or byte >= 0x80:
                word.append(byte)
            elif word:
                value = _fnv1a(word)
                sums[(value >> 1) % self.dimensions] += np.float32(1 if value & 1 == 0 else -1)
                word.clear()
        return scaled_to_unit(sums)


def _fnv1a(word: bytearray) -> int:
    mask = (1 << 64) - 1
    state = 0xCBF29CE484222325
    for byte in word:
        state = ((state ^ byte) * 0x100000001B3) & mask
    folded = ((state ^ (state >> 32)) * 0x9E3779B97F4A7C15) & mask
    return folded ^ (folded >> 29)


class StaticModel:
    """The mean of the rows of a text's tokens, scaled to length 1 (Embedding/StaticModel.swift)."""

    def __init__(self, folder: pathlib.Path, fields: dict[str, str]) -> None:
        self._prefix = fields.get("query-prefix", "")
        plain = fields.get("tokenizer", "").endswith(":plain")
        self._tokens = WordPiece((folder / "vocab.txt").read_bytes(), matches_specials=not plain)
        rows, digest = _read_rows(folder / "model.safetensors")
        if rows.shape[0] != self._tokens.size:
            raise ModelError(f"{folder}: {rows.shape[0]} rows for {self._tokens.size} pieces")
        self._rows = rows
        self.dimensions = int(rows.shape[1])
        self.fields = dict(
            zip(
                _FIELDS,
                (fields.get("name", ""), digest, self._tokens.identity, str(self.dimensions),
                 self._prefix, fields.get("passage-prefix", ""), "f32", str(STATIC_TOKENS_MAX),
                 str(STATIC_REVISION)),
            )
        )

    def embed(self, text: str) -> Vector:
        whole = self._prefix + text
        limit = STATIC_TOKENS_MAX * self._tokens.piece_length_median
        if len(whole.encode()) > limit:
            whole = whole[:limit]
        unknown = self._tokens.unknown_id
        ids = [number for number in self._tokens.encode(whole) if number != unknown]
        total = np.zeros(self.dimensions, np.float32)
        for number in ids[:STATIC_TOKENS_MAX]:
            total = total + self._rows[number]
        return scaled_to_unit(total)


def _read_rows(path: pathlib.Path) -> tuple[Vector, str]:
    """The tensor `embeddings`, mapped, and the file's SHA-256."""
    with open(path, "rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    digest = hashlib.sha256(data).hexdigest()
    try:
        size = int.from_bytes(data[:8], "little")
        if not 2 <= size <= min(4 << 20, len(data) - 8):
            raise ValueError("its header does not fit")
        entry = json.loads(data[8 : 8 + size])["embeddings"]
        rows, columns = (int(number) for number in entry["shape"])
        start, end = (int(number) for number in entry["data_offsets"])
        if entry["dtype"] != "F32" or min(rows, columns) < 1 or end - start != 4 * rows * columns:
            raise ValueError("its tensor is no F32 of its shape")
        if start < 0 or 8 + size + end > len(data):
            raise ValueError("its tensor lies outside")
        values = np.frombuffer(data, "<f4", count=rows * columns, offset=8 + size + start)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is damaged ({error}); type: Ops/fetch-models") from None
    return values.reshape(rows, columns), digest


def models_root() -> pathlib.Path:
    """`$MILLRACE_MODELS`, else `$XDG_CACHE_HOME/millrace/models`, else `~/.cache/millrace/models`."""
    chosen = os.environ.get("MILLRACE_MODELS")
    if chosen:
        return pathlib.Path(chosen)
    cache = os.environ.get("XDG_CACHE_HOME")
    base = pathlib.Path(cache) if cache else pathlib.Path.home() / ".cache"
    return base / "millrace" / "models"


@dataclass
class QueryModel:
    """What embeds the queries of one index."""

    name: str
    fingerprint: str
    dimensions: int
    root: pathlib.Path | None = None
    embed: Embed | None = None

    def __post_init__(self) -> None:
        self._model: HashModel | StaticModel | None = None

    def vector(self, text: str) -> Vector:
        if self.embed is not None:
            return np.asarray(self.embed(text), np.float32)
        if self._model is None:
            self._model = self._load()
        return self._model.embed(text)

    def _load(self) -> HashModel | StaticModel:
        fields = fields_of(self.fingerprint)
        model: HashModel | StaticModel
        if self.name == "hash":
            model = HashModel(self.dimensions)
        else:
            folder = self._folder()
            kind = self._kind(folder)
            if kind != "model2vec":
                raise ModelError(
                    f"the index's model '{self.name}' is of kind '{kind}', which this package does "
                    "not run; give vector=…, open with embed=…, or search with mode=\"bm25\""
                )
            model = StaticModel(folder, fields)
        if fingerprint(model.fields) != self.fingerprint:
            raise ModelError(
                f"the index was made with another '{self.name}' than the one here; put the model "
                "back (Ops/fetch-models), or run the pipeline again"
            )
        return model

    def _folder(self) -> pathlib.Path:
        if not self.name or self.name.startswith(".") or "/" in self.name or "\0" in self.name:
            raise ModelError("the index names no model that can be looked up; give vector=… ")
        folder = (self.root or models_root()) / self.name
        if not (folder / "config.json").is_file():
            raise ModelError(
                f"no model '{self.name}' in {folder.parent}; type: Ops/fetch-models {self.name}; "
                "or give vector=…, or search with mode=\"bm25\""
            )
        return folder

    def _kind(self, folder: pathlib.Path) -> str:
        try:
            kind = json.loads((folder / "config.json").read_bytes())["model_type"]
        except (ValueError, KeyError, TypeError):
            raise ModelError(f"{folder}/config.json is not a model's configuration") from None
        return str(kind)
