"""Millrace as a LlamaIndex retriever: python3 search_llamaindex.py WORKSPACE "how long are backups kept" """

import sys

import millrace
from millrace.llamaindex import MillraceRetriever

if __name__ == "__main__":
    workspace, query = sys.argv[1], " ".join(sys.argv[2:])
    with millrace.open(workspace) as index:
        # Give it to RetrieverQueryEngine.from_args(retriever, llm=…) to have answers written.
        retriever = MillraceRetriever(index, k=3)
        for found in retriever.retrieve(query):
            print(f"{found.score:.3f}  {found.node.metadata['uri']}  {found.node.node_id}")
