"""Millrace as a LangChain retriever: python3 search_langchain.py WORKSPACE "how long are backups kept" """

import sys

from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

import millrace
from millrace.langchain import MillraceRetriever


def cited(documents: list[Document]) -> str:
    """What a prompt gets: numbered passages with where each is from."""
    return "\n\n".join(
        f"[{number}] {document.metadata['source']}\n{document.page_content}"
        for number, document in enumerate(documents, start=1)
    )


if __name__ == "__main__":
    workspace, query = sys.argv[1], " ".join(sys.argv[2:])
    with millrace.open(workspace) as index:
        # The retriever is a Runnable: a prompt and a model go on behind it.
        chain = MillraceRetriever(index=index, k=3) | RunnableLambda(cited)
        print(chain.invoke(query))
