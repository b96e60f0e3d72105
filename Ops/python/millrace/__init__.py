"""Millrace's index from Python: numpy and mapped files, no server and no program.

    import millrace

    with millrace.open("WORKSPACE") as index:
        for hit in index.search("how long are backups kept", k=5, mode="fused"):
            print(hit.score, hit.uri, hit.snippet)

The same top hits with the same scores as `millrace search` gives, for the model `potion-base-8M` and
for indexes without vectors. Everything read is checked before it is served.
"""

from .errors import (
    CorruptError,
    MillraceError,
    MissingPackageError,
    ModelError,
    NoSnapshotError,
    QueryError,
    TooNewError,
    TooOldError,
)
from .export import Chunks
from .index import Hit, Index
from .index import open_index as open
from .snapshot import numbers as snapshots

__version__ = "0.1.0"

__all__ = [
    "Chunks", "CorruptError", "Hit", "Index", "MillraceError", "MissingPackageError", "ModelError",
    "NoSnapshotError", "QueryError", "TooNewError", "TooOldError", "open", "snapshots",
]
