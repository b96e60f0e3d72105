"""A collection of the tests' own, indexed by the real program."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Ops" / "python"))

PIPELINE = """\
version: 1
name: python
workspace: workspace
shards: 3
sources:
  docs: {{ type: folder, path: docs }}
stages:
  markdown: {{ uses: extract-markdown, from: docs }}
  text: {{ uses: extract-text, from: docs }}
  normalise: {{ uses: normalise, from: [markdown, text] }}
  language: {{ uses: detect-language, from: normalise }}
  dedupe: {{ uses: dedupe, from: language }}
  chunk: {{ uses: chunk, from: dedupe, maximum_tokens: 48, tokenizer: words }}
  {embed}index: {{ uses: index, from: {last}{vectors} }}
"""
EXPANDER = ROOT / "Tests" / "Golden" / "embedding" / "m-splade"

WORDS = (
    "mill wheel stone flour brook gear grain sack weir river backup kept night index running houses "
    "getUserName user_name wi-fi C++ .NET Node.js U.S.A. café naïve Straße 東京タワー резервные копии "
    "नमस्ते 4711-0815 ½ ﬁne e\u0301te don't"
).split()

QUERIES = [
    "mill wheel", "running houses", "how long are backups kept", "C++", ".NET", "node.js", "USA",
    "wifi", "getUserName", "user name", "_name", "_name of", "cafe", "naive strasse", "東京", "резервные",
    "नमस्ते", "47110815", "½", "fine", "ete", "don't", "", " ", "the of and", "x" * 200, "[SEP] mill",
    '"mill wheel"', '"wheel stone" mill', '"user_name wi-fi"', '"C++ .NET"', '"東京タワー"', '"stone n1"', '"the mill"',
    '"running houses" brook', "mill -wheel", '-"mill wheel" stone', "title:document mill",
    "heading:part wheel", 'title:"document 4" stone', "how do I keep the backups of an index that is running at night",
    "ＭＩＬＬ", "mill\x00wheel", "emoji 😀 brook", "river-bank", "a.b.c", "I.B.M", "ǅ Σίσυφος İ",
]


def binary() -> str | None:
    """The program, where the tests are told of one or it is built."""
    told = os.environ.get("MILLRACE_BINARY")
    for path in [told] if told else [ROOT / ".build" / "debug" / "millrace"]:
        if path and os.access(path, os.X_OK):
            return str(path)
    return None


def has_potion() -> bool:
    from millrace.embedding import models_root

    return (models_root() / "potion-base-8M" / "config.json").is_file()


class Corpus:
    """Documents, a pipeline of `model`, and what the program makes of them."""

    def __init__(self, model: str | None, vectors: str = "q10", documents: int = 60,
                 is_expanded: bool = False) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self._folder.name)
        (self.root / "docs").mkdir()
        for number in range(documents):
            self.write(f"d{number}.md", self.text(number))
        embed = f"embed: {{ uses: embed, from: chunk, model: {model} }}\n  " if model else ""
        last = "embed" if model else "chunk"
        if is_expanded:
            embed += f"expand: {{ uses: expand, from: chunk, model: {EXPANDER} }}\n  "
            last = f"[{last}, expand]"
        self.pipeline = self.root / "pipeline.yml"
        self.pipeline.write_text(
            PIPELINE.format(
                embed=embed,
                last=last,
                vectors=f", vectors: {vectors}" if model else "",
            ),
            encoding="utf-8",
        )
        self.workspace = str(self.root / "workspace")

    def text(self, number: int) -> str:
        state = number * 2_654_435_761 + 1
        words = []
        for _ in range(120):
            state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % (1 << 64)
            words.append(WORDS[(state >> 33) % len(WORDS)] + ("" if state >> 60 else f" n{state >> 50 & 63}"))
        half = len(words) // 2
        date = f"---\npublished: 20{10 + number % 7}-0{1 + number % 3}-01\n---\n\n" if number % 4 else ""
        return date + (
            f"# Document {number}\n\n{' '.join(words[:half])}.\n\n## Part two of {number}\n\n"
            f"{' '.join(words[half:])}.\n"
        )

    def append(self, text: str) -> None:
        """To the pipeline file."""
        with self.pipeline.open("a", encoding="utf-8") as file:
            file.write(text)

    def write(self, name: str, text: str) -> None:
        (self.root / "docs" / name).write_text(text, encoding="utf-8")

    def run(self, verb: str, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        program = binary()
        assert program is not None
        done = subprocess.run(
            [program, verb, str(self.pipeline), *arguments], capture_output=True, text=True, timeout=300
        )
        if done.returncode not in codes:
            raise AssertionError(f"millrace {verb} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def answers(self, queries: list[str], mode: str, *arguments: str) -> list[dict]:
        """What the program answers to each query."""
        batch = self.root / "queries.jsonl"
        batch.write_text(
            "".join(json.dumps({"id": str(i), "query": q}) + "\n" for i, q in enumerate(queries))
        )
        output = self.run("search", "--batch", str(batch), "--mode", mode, *arguments)
        return [json.loads(line) for line in output.splitlines()]

    def close(self) -> None:
        self._folder.cleanup()
