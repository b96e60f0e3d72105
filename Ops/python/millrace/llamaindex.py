"""A LlamaIndex retriever over a Millrace index; needs llama-index-core."""

from __future__ import annotations

from typing import Any

from .errors import MissingPackageError

try:
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
except ImportError:
    raise MissingPackageError("llama-index-core", "millrace.llamaindex") from None

from .index import Hit, Index


def node(hit: Hit) -> NodeWithScore:
    """A hit as LlamaIndex takes it, with what is needed to cite it."""
    metadata: dict[str, Any] = {
        "uri": hit.uri,
        "title": hit.title,
        "ordinal": hit.ordinal,
        "page": hit.page,
        "language": hit.language,
        "snapshot": hit.snapshot,
    }
    text = TextNode(
        id_=hit.chunk_id, text=hit.text, metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
    )
    return NodeWithScore(node=text, score=hit.score)


class MillraceRetriever(BaseRetriever):
    """`MillraceRetriever(millrace.open(WORKSPACE), k=5).retrieve("…")`"""

    def __init__(self, index: Index, k: int = 5, mode: str = "fused", filters: Any = None) -> None:
        self._index, self._k, self._mode, self._filters = index, k, mode, filters
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._index.search(query_bundle.query_str, self._k, self._mode, self._filters)
        return [node(hit) for hit in found]
