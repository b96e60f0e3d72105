"""A Haystack component over a Millrace index; needs haystack-ai."""

from __future__ import annotations

from typing import Any

from .errors import MissingPackageError

try:
    from haystack import Document, component, default_from_dict, default_to_dict
except ImportError:
    raise MissingPackageError("haystack-ai", "millrace.haystack") from None

from .index import Hit, open_index


def document(hit: Hit) -> Document:
    """A hit as Haystack takes it, with what is needed to cite it."""
    return Document(
        id=hit.chunk_id,
        content=hit.text,
        score=hit.score,
        meta={
            "uri": hit.uri,
            "title": hit.title,
            "ordinal": hit.ordinal,
            "page": hit.page,
            "language": hit.language,
            "headings": list(hit.headings),
            "snapshot": hit.snapshot,
        },
    )


@component
class MillraceRetriever:
    """`MillraceRetriever(workspace=WORKSPACE).run(query="…")["documents"]`"""

    def __init__(
        self,
        workspace: str,
        snapshot: int | None = None,
        k: int = 5,
        mode: str = "fused",
        filters: Any = None,
    ) -> None:
        self._settings = {
            "workspace": workspace, "snapshot": snapshot, "k": k, "mode": mode, "filters": filters,
        }
        self._index = open_index(workspace, snapshot)

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(self, **self._settings)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "MillraceRetriever":
        return default_from_dict(cls, data)

    @component.output_types(documents=list[Document])
    def run(self, query: str, k: int | None = None) -> dict[str, list[Document]]:
        settings = self._settings
        found = self._index.search(
            query, k or settings["k"], settings["mode"], settings["filters"]
        )
        return {"documents": [document(hit) for hit in found]}
