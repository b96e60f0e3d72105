"""Queries in the terms that an index's texts were expanded into: the pieces of a tokeniser, without a model."""

from __future__ import annotations

import json
import os
import pathlib

from .embedding import models_root
from .errors import ModelError
from .wordpiece import WordPiece

# Pieces that stand for no text: Embedding/ExpansionModel.swift.
_CONTROL = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}


class QueryExpander:
    """The tokeniser that an index names, read when the first query asks for it."""

    def __init__(self, reference: str, index: str, models: str | os.PathLike[str] | None) -> None:
        self._index = index
        self._models = pathlib.Path(models) if models is not None else None
        try:
            value = json.loads(reference)
            self._name, self._identity = str(value["model"]), str(value["tokenizer"])
        except (ValueError, KeyError, TypeError):
            self._name = self._identity = ""
        self._tokens: WordPiece | None = None
        self._names: list[str] = []

    def pieces(self, text: str) -> dict[bytes, int]:
        """The query's pieces with how often each occurs."""
        if self._tokens is None:
            self._tokens = self._load()
        found: dict[bytes, int] = {}
        for number in self._tokens.encode(text):
            name = self._names[number]
            if name and name not in _CONTROL:
                piece = name.encode()
                found[piece] = found.get(piece, 0) + 1
        return found

    def _load(self) -> WordPiece:
        folder = self._folder()
        try:
            vocabulary = _vocabulary(folder)
        except (OSError, ValueError, KeyError, TypeError):
            raise ModelError(
                f"{folder} holds no WordPiece vocabulary; type: Ops/fetch-models, or search with mode=\"bm25\""
            ) from None
        tokens = WordPiece(vocabulary)
        if tokens.identity != self._identity:
            raise ModelError(
                f"index '{self._index}' was expanded by another '{self._name}' than the one here; put the model "
                "back (Ops/fetch-models), or run the pipeline again"
            )
        self._names = [line.removesuffix("\r") for line in vocabulary.decode("utf-8").split("\n")]
        return tokens

    def _folder(self) -> pathlib.Path:
        if self._name.startswith("/"):
            return pathlib.Path(self._name)
        if not self._name or self._name.startswith(".") or "/" in self._name or "\0" in self._name:
            raise ModelError(f"index '{self._index}' names no model of expansions; run the pipeline again")
        folder = (self._models or models_root()) / self._name
        if not folder.is_dir():
            raise ModelError(
                f"no model '{self._name}' in {folder.parent}; type: Ops/fetch-models {self._name}; or search "
                "with mode=\"bm25\""
            )
        return folder


def _vocabulary(folder: pathlib.Path) -> bytes:
    """A piece a line: `vocab.txt`, else what `tokenizer.json` lists."""
    path = folder / "vocab.txt"
    if path.is_file():
        return path.read_bytes()
    value = json.loads((folder / "tokenizer.json").read_bytes())
    if value["model"]["type"] != "WordPiece" or value["normalizer"]["type"] != "BertNormalizer":
        raise ValueError
    numbers = {int(number): str(piece) for piece, number in value["model"]["vocab"].items()}
    numbers |= {int(entry["id"]): str(entry["content"]) for entry in value.get("added_tokens", [])}
    return ("\n".join(numbers.get(number, "") for number in range(max(numbers) + 1)) + "\n").encode()
