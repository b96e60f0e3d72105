"""Millrace in a Haystack pipeline: python3 search_haystack.py WORKSPACE "how long are backups kept" """

import sys

from haystack import Pipeline
from haystack.components.builders import PromptBuilder

from millrace.haystack import MillraceRetriever

TEMPLATE = """Answer from these passages alone and name their numbers.
{% for document in documents %}
[{{ loop.index }}] {{ document.meta.uri }}
{{ document.content }}
{% endfor %}
Question: {{ query }}"""

if __name__ == "__main__":
    workspace, query = sys.argv[1], " ".join(sys.argv[2:])
    pipeline = Pipeline()
    pipeline.add_component("retriever", MillraceRetriever(workspace=workspace, k=3))
    pipeline.add_component("prompt", PromptBuilder(TEMPLATE, required_variables="*"))
    pipeline.connect("retriever.documents", "prompt.documents")
    # A generator of your choice goes behind the prompt.
    result = pipeline.run({"retriever": {"query": query}, "prompt": {"query": query}})
    print(result["prompt"]["prompt"])
