"""Retrievers and exports against the real libraries, where they are installed (Ops/python/test --frameworks)."""

import importlib.util
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import support
import millrace


def needs(*modules):
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"no {', '.join(missing)} here; type: Ops/python/test --frameworks")


@unittest.skipUnless(support.binary(), "no millrace here; build the package, or set MILLRACE_BINARY")
class FrameworkTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.corpus = support.Corpus("hash", documents=10)
        cls.corpus.write("empty.txt", "..... !!!!! ----- ")
        cls.corpus.run("backfill", codes=(0, 3))
        cls.index = millrace.open(cls.corpus.workspace)
        cls.hits = cls.index.search("mill wheel", 3)

    @classmethod
    def tearDownClass(cls):
        cls.index.close()
        cls.corpus.close()

    @needs("langchain_core")
    def test_langchain(self):
        from millrace.langchain import MillraceRetriever

        found = MillraceRetriever(index=self.index, k=3).invoke("mill wheel")
        self.assertEqual([one.page_content for one in found], [hit.text for hit in self.hits])
        self.assertEqual([one.metadata["chunk_id"] for one in found], [hit.chunk_id for hit in self.hits])
        self.assertEqual(found[0].metadata["score"], self.hits[0].score)
        batch = MillraceRetriever(index=self.index, k=1, mode="bm25").batch(["mill", "stone"])
        self.assertEqual([len(one) for one in batch], [1, 1])

    @needs("llama_index")
    def test_llamaindex(self):
        from millrace.llamaindex import MillraceRetriever

        found = MillraceRetriever(self.index, k=3).retrieve("mill wheel")
        self.assertEqual([one.node.node_id for one in found], [hit.chunk_id for hit in self.hits])
        self.assertEqual([one.score for one in found], [hit.score for hit in self.hits])
        self.assertEqual(found[0].node.get_content(), self.hits[0].text)

    @needs("haystack")
    def test_haystack(self):
        from haystack import Pipeline
        from millrace.haystack import MillraceRetriever

        pipeline = Pipeline()
        pipeline.add_component("retriever", MillraceRetriever(workspace=self.corpus.workspace, k=3))
        allowed = {"allowed_modules": ["millrace.haystack"]} if "allowed_modules" in inspect.signature(Pipeline.loads).parameters else {}
        again = Pipeline.loads(pipeline.dumps(), **allowed)
        for one in (pipeline, again):
            found = one.run({"retriever": {"query": "mill wheel"}})["retriever"]["documents"]
            self.assertEqual([document.content for document in found], [hit.text for hit in self.hits])
            self.assertEqual([document.id for document in found], [hit.chunk_id for hit in self.hits])

    @needs("pyarrow")
    def test_arrow_and_parquet(self):
        import pyarrow.parquet

        table = self.index.chunks().to_arrow()
        self.assertEqual(table.num_rows, len(self.index))
        self.assertEqual(table.schema.metadata[b"millrace.digest"].decode(), self.index.digest)
        vectors = np.stack(table.column("vector").to_numpy(zero_copy_only=False))
        self.assertTrue((vectors == self.index.chunks().vectors()).all())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "chunks.parquet"
            self.assertEqual(self.index.chunks(["chunk_id", "text"]).to_parquet(path), len(self.index))
            read = pyarrow.parquet.read_table(path)
            self.assertEqual(read.column_names, ["chunk_id", "text"])
            self.assertEqual(read.column("text").to_pylist(), table.column("text").to_pylist())
            self.assertEqual([entry.name for entry in path.parent.iterdir()], ["chunks.parquet"])

    @needs("faiss")
    def test_faiss(self):
        flat, names = self.index.chunks().to_faiss()
        self.assertEqual(flat.ntotal, len(names))
        self.assertLessEqual(flat.ntotal, len(self.index))
        query = self.index._query_model.vector("mill wheel")
        _, rows = flat.search(query.reshape(1, -1), 5)
        expected = [hit.chunk_id for hit in self.index.search("mill wheel", 5, "vector", expand_groups=True)]
        self.assertEqual([names[row] for row in rows[0]][:1], expected[:1])

    @needs("lance", "pyarrow")
    def test_lance(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "chunks.lance"
            first = self.index.chunks(["chunk_id", "vector"]).to_lance(path)
            self.assertEqual(first.count_rows(), len(self.index))
            again = self.index.chunks(["chunk_id", "vector"]).to_lance(path)
            self.assertEqual((again.count_rows(), again.version), (len(self.index), first.version + 1))


@unittest.skipUnless(support.binary(), "no millrace here; build the package, or set MILLRACE_BINARY")
class MissingTests(unittest.TestCase):
    def test_what_is_missing_is_named(self):
        """In a process in which none of them can be imported."""
        code = (
            "import sys\n"
            "for name in ('pyarrow', 'faiss', 'lance', 'langchain_core', 'llama_index', 'haystack'):\n"
            "    sys.modules[name] = None\n"
            "import importlib, millrace\n"
            "from millrace.export import Chunks\n"
            "chunks = Chunks.__new__(Chunks)\n"
            "for call in (chunks.to_arrow, lambda: chunks.to_parquet('x'), chunks.to_faiss, lambda: chunks.to_lance('x'),\n"
            "             *(lambda n=n: importlib.import_module('millrace.' + n) for n in ('langchain', 'llamaindex', 'haystack'))):\n"
            "    try:\n"
            "        call()\n"
            "    except millrace.MissingPackageError as error:\n"
            "        print(error)\n"
        )
        path = {**os.environ, "PYTHONPATH": str(support.ROOT / "Ops" / "python")}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=path)
        self.assertEqual(done.stderr, "")
        self.assertEqual(
            [line.rsplit(" ", 1)[-1] for line in done.stdout.splitlines()],
            ["pyarrow", "pyarrow", "faiss-cpu", "pylance", "langchain-core", "llama-index-core", "haystack-ai"],
        )


if __name__ == "__main__":
    unittest.main()
