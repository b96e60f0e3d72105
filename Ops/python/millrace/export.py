"""The live chunks of an index in the forms that other tools take."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .errors import MissingPackageError, QueryError

if TYPE_CHECKING:
    from .index import Index

COLUMNS = (
    "chunk_id", "uri", "title", "source", "language", "media_type", "ordinal", "start", "end",
    "page", "headings", "group", "text", "vector",
)
_BATCH_ROWS = 4096


def _needed(module: str, what: str, package: str | None = None) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise MissingPackageError(package or module, what) from None


class Chunks:
    """Chunks in the order of shards, documents and places; nothing is read before it is asked for."""

    def __init__(self, index: "Index", columns: Sequence[str] | None = None) -> None:
        known = [name for name in COLUMNS if name != "vector" or index.dimensions]
        self.columns = list(known if columns is None else columns)
        unknown = [name for name in self.columns if name not in known]
        if unknown:
            raise QueryError(f"column '{unknown[0]}' is not there; there are {', '.join(known)}")
        self._index = index

    def __len__(self) -> int:
        return self._index.chunk_count

    def batches(self, rows: int = _BATCH_ROWS) -> Iterator[dict[str, Any]]:
        """Columns by name: lists, and an array for `vector`; at most `rows` rows each."""
        if rows < 1:
            raise QueryError("a batch has 1 row or more")
        for segment, chunks in self._index._live_chunks():
            for start in range(0, len(chunks), rows):
                part = chunks[start : start + rows]
                yield self._batch(segment, part)

    def _batch(self, segment: Any, chunks: NDArray[np.int64]) -> dict[str, Any]:
        wants_strings = any(name != "vector" for name in self.columns)
        batch: dict[str, Any] = {}
        if wants_strings:
            hits = [self._index._hit(segment, int(chunk), 0.0, {}) for chunk in chunks]
            for name in self.columns:
                if name == "headings":
                    batch[name] = [list(hit.headings) for hit in hits]
                elif name != "vector":
                    batch[name] = [getattr(hit, name) for hit in hits]
        if "vector" in self.columns:
            batch["vector"] = segment.vectors[chunks]
        return {name: batch[name] for name in self.columns}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self.batches():
            columns = [batch[name] for name in self.columns]
            for row in zip(*columns):
                yield dict(zip(self.columns, row))

    def vectors(self) -> NDArray[np.float32]:
        """All vectors, a row a chunk in this order, widened to single precision."""
        found = [
            segment.vectors[chunks].astype(np.float32)
            for segment, chunks in self._index._live_chunks()
        ]
        return np.concatenate(found) if found else np.zeros((0, self._index.dimensions), np.float32)

    def _arrow_schema(self, arrow: Any) -> Any:
        kinds = {
            "ordinal": arrow.uint32(), "start": arrow.uint32(), "end": arrow.uint32(),
            "page": arrow.uint32(), "headings": arrow.list_(arrow.string()),
        }
        fields = []
        for name in self.columns:
            if name == "vector":
                kind = arrow.list_(arrow.float32(), self._index.dimensions)
            else:
                kind = kinds.get(name, arrow.string())
            fields.append(arrow.field(name, kind))
        about = {
            b"millrace.snapshot": str(self._index.snapshot).encode(),
            b"millrace.digest": self._index.digest.encode(),
            b"millrace.model": self._index.model.encode(),
        }
        return arrow.schema(fields, metadata=about)

    def _arrow_batches(self, arrow: Any, schema: Any) -> Iterator[Any]:
        for batch in self.batches():
            arrays = []
            for field in schema:
                column = batch[field.name]
                if field.name == "vector":
                    flat = arrow.array(np.asarray(column, np.float32).reshape(-1))
                    arrays.append(arrow.FixedSizeListArray.from_arrays(flat, self._index.dimensions))
                else:
                    arrays.append(arrow.array(column, field.type))
            yield arrow.record_batch(arrays, schema=schema)

    def to_arrow(self) -> Any:
        """A pyarrow.Table; its metadata names snapshot, digest and model."""
        arrow = _needed("pyarrow", "to_arrow")
        schema = self._arrow_schema(arrow)
        return arrow.Table.from_batches(list(self._arrow_batches(arrow, schema)), schema)

    def to_parquet(self, path: str | os.PathLike[str]) -> int:
        """Writes a Parquet file, whole or not at all; how many rows it has."""
        arrow = _needed("pyarrow", "to_parquet")
        parquet = _needed("pyarrow.parquet", "to_parquet", "pyarrow")
        schema = self._arrow_schema(arrow)
        target = os.fspath(path)
        partial = f"{target}.partial-{os.getpid()}"
        rows = 0
        try:
            with parquet.ParquetWriter(partial, schema) as writer:
                for batch in self._arrow_batches(arrow, schema):
                    writer.write_batch(batch)
                    rows += batch.num_rows
            os.replace(partial, target)
        finally:
            if os.path.exists(partial):
                os.unlink(partial)
        return rows

    def to_faiss(self) -> tuple[Any, list[str]]:
        """A flat faiss index by inner product, and the chunk id of each of its rows.

        Chunks without a vector (the model found nothing to read) are left out.
        """
        faiss = _needed("faiss", "to_faiss", "faiss-cpu")
        if not self._index.dimensions:
            raise QueryError(f"index '{self._index.name}' has no vectors")
        flat = faiss.IndexFlatIP(self._index.dimensions)
        names: list[str] = []
        for batch in Chunks(self._index, ["chunk_id", "vector"]).batches():
            vectors = np.ascontiguousarray(batch["vector"], np.float32)
            has_vector = vectors.any(axis=1)
            flat.add(vectors[has_vector])
            names += [batch["chunk_id"][place] for place in np.flatnonzero(has_vector)]
        return flat, names

    def to_lance(self, path: str | os.PathLike[str]) -> Any:
        """Writes a Lance data set, replacing what is there as its next version; the data set."""
        lance = _needed("lance", "to_lance", "pylance")
        arrow = _needed("pyarrow", "to_lance")
        schema = self._arrow_schema(arrow)
        reader = arrow.RecordBatchReader.from_batches(schema, self._arrow_batches(arrow, schema))
        return lance.write_dataset(reader, os.fspath(path), mode="overwrite")
