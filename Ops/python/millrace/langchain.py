"""A LangChain retriever over a Millrace index; needs langchain-core."""

from __future__ import annotations

from typing import Any

from .errors import MissingPackageError

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError:
    raise MissingPackageError("langchain-core", "millrace.langchain") from None

from .index import Hit, Index


def document(hit: Hit) -> Document:
    """A hit as LangChain takes it, with what is needed to cite it."""
    return Document(id=hit.chunk_id, page_content=hit.text, metadata=_metadata(hit))


def _metadata(hit: Hit) -> dict[str, Any]:
    return {
        "source": hit.uri,
        "title": hit.title,
        "chunk_id": hit.chunk_id,
        "score": hit.score,
        "ordinal": hit.ordinal,
        "page": hit.page,
        "language": hit.language,
        "headings": list(hit.headings),
        "snapshot": hit.snapshot,
    }


class MillraceRetriever(BaseRetriever):
    """`MillraceRetriever(index=millrace.open(WORKSPACE), k=5).invoke("…")`"""

    index: Any
    k: int = 5
    mode: str = "fused"
    filters: Any = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        index: Index = self.index
        return [document(hit) for hit in index.search(query, self.k, self.mode, self.filters)]
