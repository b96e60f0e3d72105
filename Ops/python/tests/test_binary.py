"""The package beside the program: the same hits, scores and fields, on collections made here."""

import json
import os
import pathlib
import pickle
import random
import shutil
import tempfile
import threading
import unittest

import numpy as np
import support
import millrace

FIELDS = ("uri", "title", "source", "language", "ordinal", "start", "end", "page", "group", "score", "text",
          "snippet", "snapshot")


def answers(corpus, mode, queries=support.QUERIES, k=10, arguments=(), **options):
    """Where the package and the program differ."""
    found = []
    with millrace.open(corpus.workspace) as index:
        for query, expected in zip(queries, corpus.answers(queries, mode, "--k", str(k), *arguments)):
            hits = index.search(query, k, mode, **options)
            if [hit.chunk_id for hit in hits] != [hit["chunk_id"] for hit in expected["hits"]]:
                found.append((query, "ids"))
                continue
            for hit, other in zip(hits, expected["hits"]):
                found += [(query, name) for name in FIELDS if getattr(hit, name) != other.get(name)]
                if list(hit.headings) != other["headings"]:
                    found.append((query, "headings"))
    return found


LANGUAGES = {
    "de": "Die Straßen der alten Stadt führen über 5kg schwere Brücken zu den Häusern am Fluss.",
    "fr": "Les journaux de la ville racontent les grandes histoires des habitants et de leurs maisons.",
    "ru": "В городском архиве хранятся документы о домах, улицах и жителях старого города.",
    "fi": "Vanhan kaupungin taloissa asuu ihmisiä, jotka tuntevat kadut ja sillat hyvin.",
    "en": "The streets of the old city lead over bridges to the houses by the river Berlin.",
}


@unittest.skipUnless(support.binary(), "no millrace here; build the package, or set MILLRACE_BINARY")
class LanguageTests(unittest.TestCase):
    """Documents of several languages in one index."""

    QUERIES = ["Straße", "strasse", "Häuser", "Haeuser", "Brücke Fluss", "journal", "grande histoire", "документ",
               "дом город", "talo", "katu", "street house", "Berlin", "5 kg", '"alten Stadt"', "Stadt -Straße"]

    def test_answers_as_the_program_does(self):
        corpus = support.Corpus("hash", documents=5)
        self.addCleanup(corpus.close)
        for tag, text in LANGUAGES.items():
            for number in range(3):
                corpus.write(f"{tag}{number}.txt", f"{text} {text.swapcase()} Berlin n{number} {tag}.")
        corpus.run("backfill")
        with millrace.open(corpus.workspace) as index:
            found = {hit.language for hit in index.search("Berlin", 50, "bm25")}
            self.assertLessEqual({"de", "fr", "ru", "fi", "en"}, found)
            self.assertEqual({hit.language for hit in index.search("Brücke", 9, "bm25")}, {"de"})
        for mode in ("bm25", "fused"):
            self.assertEqual(answers(corpus, mode, self.QUERIES), [], mode)


@unittest.skipUnless(support.binary(), "no millrace here; build the package, or set MILLRACE_BINARY")
class BinaryTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.corpus = support.Corpus("hash")
        cls.corpus.run("backfill")
        # A change, a deletion and a near copy: tombstones, a second segment, a group.
        cls.first = millrace.open(cls.corpus.workspace).snapshot
        (cls.corpus.root / "docs" / "d3.md").unlink()
        cls.corpus.write("d4.md", cls.corpus.text(4).replace("Document 4", "Document 4 anew"))
        cls.corpus.write("near.md", cls.corpus.text(7).replace("mill", "mill 1987", 1))
        cls.corpus.write("new.txt", "a text about resúmés and wheels and the river brook. " * 9)
        cls.corpus.run("sync")

    @classmethod
    def tearDownClass(cls):
        cls.corpus.close()

    def test_the_collection_has_what_is_to_be_tested(self):
        with millrace.open(self.corpus.workspace) as index:
            self.assertTrue(any(live.live_chunks is not None for live in index._segments), "no tombstones")
            self.assertGreater(len(index._segments), 3)

    def test_answers_as_the_program_does(self):
        for mode in ("bm25", "vector", "fused"):
            self.assertEqual(answers(self.corpus, mode), [], mode)

    def test_tuned_weights_are_those_of_the_program(self):
        lock = self.corpus.root / "pipeline.fusion.lock"
        weights = {"model": "hash", "bm25": 1, "vector": 3, "trainQueryCount": 1, "trainNdcg10": 1,
                   "heldOutQueryCount": 1, "heldOutNdcg10": 1}
        with millrace.open(self.corpus.workspace) as index:
            before = [hit.score for hit in index.search(support.QUERIES[0], 5, "fused")]
        lock.write_text(json.dumps({"form": "fusion/1", "indexes": {"index": weights}}))
        try:
            self.corpus.run("sync")
            self.assertEqual(answers(self.corpus, "fused"), [])
            with millrace.open(self.corpus.workspace) as index:
                self.assertNotEqual([hit.score for hit in index.search(support.QUERIES[0], 5, "fused")], before)
            copy = pathlib.Path(self.corpus.workspace) / "fusion.lock"
            copy.write_text('{"form": "fusion/1", "indexes": []}')
            with self.assertRaises(millrace.CorruptError):
                millrace.open(self.corpus.workspace)
        finally:
            lock.unlink()
            self.corpus.run("sync")

    def test_filters_as_the_program_does(self):
        for given in (["uri=docs/d1"], ["lang=en", "lang=de"], ["type=text/plain"], ["source=docs"],
                      ["source=other"], ["uri=docs/d1", "type=TEXT/Markdown"], ["meta.author=x"],
                      ["date>=2012-01-31"], ["date<2012-02-01T01:00:00+01:00"], ["date>=2011", "date<2013", "lang=en"],
                      ["date>=2030"]):
            arguments = [part for value in given for part in ("--filter", value)]
            found = answers(self.corpus, "fused", support.QUERIES[:8], arguments=arguments, filters=given)
            self.assertEqual(found, [], given)

    def test_groups_as_the_program_does(self):
        for k in (1, 3, 400):
            self.assertEqual(answers(self.corpus, "fused", ["mill wheel", "stone"], k=k), [])
        expanded = answers(self.corpus, "bm25", ["mill"], 50, ["--expand-groups"], expand_groups=True)
        self.assertEqual(expanded, [])

    def test_real_vectors_as_the_program_makes_them(self):
        if not support.has_potion():
            self.skipTest("no potion-base-8M; type: Ops/fetch-models potion-base-8M")
        corpus = support.Corpus("potion-base-8M", vectors="f32", documents=12)
        self.addCleanup(corpus.close)
        corpus.run("backfill")
        for mode in ("vector", "fused"):
            self.assertEqual(answers(corpus, mode), [], mode)

    def test_an_index_without_vectors_answers_by_words(self):
        corpus = support.Corpus(None, documents=8)
        self.addCleanup(corpus.close)
        corpus.run("backfill")
        self.assertEqual(answers(corpus, "fused"), [])
        with millrace.open(corpus.workspace) as index:
            self.assertRaisesRegex(millrace.QueryError, "bm25", index.search, "mill", mode="vector")

    def test_expansions_as_the_program_ranks_by_them(self):
        for model in ("hash", None):
            corpus = support.Corpus(model, documents=20, is_expanded=True)
            self.addCleanup(corpus.close)
            corpus.run("backfill")
            (corpus.root / "docs" / "d3.md").unlink()
            corpus.write("d4.md", corpus.text(4).replace("Document 4", "Document 4 anew"))
            corpus.run("sync")
            for mode in ("sparse", "fused", "bm25"):
                self.assertEqual(answers(corpus, mode), [], (model, mode))
            with millrace.open(corpus.workspace) as index:
                self.assertTrue(index.search("time of a mill", mode="sparse"))
                for live in index._segments:
                    self.assertTrue(live.segment.has_expansions)
                    live.segment.verify()
        with millrace.open(self.corpus.workspace) as index:
            self.assertRaisesRegex(millrace.QueryError, "expansions", index.search, "mill", mode="sparse")

    def test_a_snapshot_that_is_kept_answers_as_before(self):
        with millrace.open(self.corpus.workspace, snapshot=self.first) as old:
            hits = old.search("mill", 400, filters={"uri": "docs/d3.md"})
            self.assertTrue(hits)
            self.assertEqual({hit.snapshot for hit in hits}, {self.first})
        with millrace.open(self.corpus.workspace) as new:
            self.assertEqual(new.search("mill", 400, filters={"uri": "docs/d3.md"}), [])
            self.assertRaisesRegex(millrace.NoSnapshotError, "gone", new.chunk, hits[0].chunk_id)
        self.assertIn(self.first, millrace.snapshots(self.corpus.workspace))
        self.assertRaisesRegex(millrace.NoSnapshotError, "kept are", millrace.open, self.corpus.workspace, 99)

    def test_a_tenant_sees_what_an_index_of_theirs_would_show(self):
        count = 5_000 if os.environ.get("MILLRACE_SLOW_TESTS") else 150
        rules = (
            "labels:\n  - { path: '*[05].md', labels: [team-a] }\n  - { path: '*[16].md', labels: [team-b] }\n"
            "  - { path: '*7.md', labels: [team-a, team-b] }\n  - { path: '*[23489].md', labels: [staff] }\n"
        )
        shown = {"team-a": "05", "team-b": "16"}
        shared = support.Corpus("hash", documents=90)
        self.addCleanup(shared.close)
        shared.append(rules)
        shared.run("backfill")
        for tenant, digits in shown.items():
            own = support.Corpus("hash", documents=90)
            self.addCleanup(own.close)
            for path in (own.root / "docs").iterdir():
                if path.stem[-1] not in digits:
                    path.unlink()
            own.append(rules)
            own.run("backfill")
            draw = random.Random(tenant)
            with millrace.open(shared.workspace) as whole, millrace.open(own.workspace) as alone:
                part = whole.seen_by([tenant])
                self.assertEqual((len(part), part.document_count), (len(alone), alone.document_count))
                self.assertGreater(len(whole), len(part))
                for number in range(count):
                    query = " ".join(draw.choices(support.WORDS, k=draw.randint(1, 4)))
                    mode, k = ("fused", "vector", "bm25")[number % 3], draw.randint(1, 30)
                    found, expected = (
                        [(hit.chunk_id, hit.score, hit.snippet, hit.group) for hit in index.search(query, k, mode)]
                        for index in (part, alone.seen_by([tenant]))
                    )
                    self.assertEqual(found, expected, query)
                hidden = next(hit for hit in whole.search("mill", 400) if hit.uri[-4] not in digits)
                self.assertRaises(millrace.NoSnapshotError, part.chunk, hidden.chunk_id)
                rows = [uri for batch in part.chunks(["uri"]).batches() for uri in batch["uri"]]
                self.assertTrue(all(uri[-4] in digits for uri in rows))
                self.assertEqual(len(rows), len(alone))
                again = pickle.loads(pickle.dumps(part))
                self.assertEqual(len(again), len(part))
                self.assertEqual(len(part.seen_by([])), 0)
        self.assertRaises(millrace.QueryError, millrace.open, shared.workspace, labels="team-a")

    def test_a_chunk_is_found_by_its_name(self):
        with millrace.open(self.corpus.workspace) as index:
            for hit in index.search("wheel", 20):
                same = index.chunk(hit.chunk_id.upper())
                self.assertEqual((same.text, same.uri, same.start), (hit.text, hit.uri, hit.start))
            other = hit.chunk_id[:-1] + ("0" if hit.chunk_id[-1] != "0" else "1")
            self.assertRaises(millrace.NoSnapshotError, index.chunk, other)
            for bad in ("", "x", "../../etc/passwd", hit.chunk_id + "0", "0" * 32 + "-" + "9" * 40 + "-" + "0" * 12):
                self.assertRaises(millrace.QueryError, index.chunk, bad)

    def test_a_hit_shows_no_text(self):
        with millrace.open(self.corpus.workspace) as index:
            hit = index.search("mill", 1)[0]
            self.assertIn(hit.uri, repr(hit))
            for secret in (hit.text[:20], hit.title):
                self.assertNotIn(secret, repr(hit))
            with self.assertRaises(AttributeError):
                hit.text = "other"

    def test_pickles_as_workspace_and_number(self):
        with millrace.open(self.corpus.workspace, snapshot=self.first) as index:
            data = pickle.dumps(index)
            self.assertLess(len(data), 1000)
            with pickle.loads(data) as same:
                self.assertEqual(same.snapshot, self.first)
                self.assertEqual(same.search("mill"), index.search("mill"))
            self.assertEqual(pickle.loads(pickle.dumps(index.search("mill"))), index.search("mill"))

    def test_threads_get_the_same_answers(self):
        with millrace.open(self.corpus.workspace) as index:
            expected = [index.search(query) for query in support.QUERIES]
            found = []

            def ask():
                found.append([index.search(query) for query in support.QUERIES] == expected)

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(found, [True] * 4)

    def test_vectors_are_read_only_views(self):
        halves = support.Corpus("hash", vectors="f16", documents=12)
        self.addCleanup(halves.close)
        halves.run("backfill")
        self.assertEqual(answers(halves, "vector"), [])
        with millrace.open(halves.workspace) as index:
            vectors = index._segments[0].segment.vectors
            self.assertFalse(vectors.flags.writeable)
            self.assertFalse(vectors.flags.owndata)
        with millrace.open(self.corpus.workspace) as index:
            self.assertFalse(index._segments[0].segment.vectors.flags.writeable)
            self.assertEqual(index.chunks().vectors().shape, (len(index), index.dimensions))

    def test_packed_vectors_are_those_of_single_floats_but_for_a_thousandth(self):
        corpus = support.Corpus("hash", documents=12)
        self.addCleanup(corpus.close)
        corpus.pipeline.write_text(
            corpus.pipeline.read_text(encoding="utf-8") + "  exact: { uses: index, from: embed, vectors: f32 }\n",
            encoding="utf-8",
        )
        corpus.run("backfill")
        with millrace.open(corpus.workspace, index="index") as packed, millrace.open(corpus.workspace, index="exact") as exact:
            names = [row["chunk_id"] for row in packed.chunks(["chunk_id"])]
            self.assertEqual(names, [row["chunk_id"] for row in exact.chunks(["chunk_id"])])
            found, wanted = packed.chunks().vectors(), exact.chunks().vectors()
            self.assertLess(np.max(np.linalg.norm(found - wanted, axis=1)), 0.003)
            self.assertGreater(np.max(np.abs(found - wanted)), 0)

    def test_all_chunks_are_listed_once(self):
        with millrace.open(self.corpus.workspace) as index:
            rows = list(index.chunks(["chunk_id", "text", "vector"]))
            self.assertEqual(len(rows), len(index))
            self.assertEqual(len({row["chunk_id"] for row in rows}), len(index))
            self.assertEqual(index.chunk(rows[5]["chunk_id"]).text, rows[5]["text"])
            self.assertRaisesRegex(millrace.QueryError, "chunk_id", index.chunks, ["nothing"])

    def test_queries_that_cannot_be_asked(self):
        with millrace.open(self.corpus.workspace) as index:
            for arguments in ({"k": 0}, {"k": True}, {"k": 1.5}, {"mode": "both"}, {"filters": "lang"},
                              {"filters": {"colour": "red"}}, {"vector": [1.0]}, {"filters": {"lang": 3}},
                              {"vector": [float("nan")] * index.dimensions}):
                with self.assertRaises(millrace.QueryError, msg=str(arguments)):
                    index.search("mill", **{"mode": "vector", **arguments})
            self.assertRaises(millrace.QueryError, index.search, "half \ud800")
            self.assertRaises(millrace.QueryError, index.search, None)

    def test_a_model_of_ones_own(self):
        with millrace.open(self.corpus.workspace) as plain:
            vector = plain._query_model.vector("mill wheel")
            given = plain.search("mill wheel", vector=list(map(float, vector)))
            self.assertEqual(given, plain.search("mill wheel"))
        with millrace.open(self.corpus.workspace, embed=lambda text: vector) as own:
            self.assertEqual(own.search("mill wheel"), given)

    def test_another_model_is_refused(self):
        if not support.has_potion():
            self.skipTest("no potion-base-8M")
        corpus = support.Corpus("potion-base-8M", documents=3)
        self.addCleanup(corpus.close)
        corpus.run("backfill")
        from millrace.embedding import models_root

        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(millrace.ModelError, "fetch-models"):
                millrace.open(corpus.workspace, models=folder).search("mill")
            shutil.copytree(models_root() / "potion-base-8M", pathlib.Path(folder) / "potion-base-8M")
            path = pathlib.Path(folder) / "potion-base-8M" / "model.safetensors"
            data = bytearray(path.read_bytes())
            data[-1] ^= 1
            path.write_bytes(data)
            with self.assertRaisesRegex(millrace.ModelError, "another"):
                millrace.open(corpus.workspace, models=folder).search("mill")

    def test_only_reading_is_needed(self):
        copy = pathlib.Path(self.corpus.root) / "read-only"
        shutil.copytree(self.corpus.workspace, copy)
        before = sorted((path, path.stat().st_mtime_ns) for path in copy.rglob("*"))
        for path in copy.rglob("*"):
            path.chmod(0o500 if path.is_dir() else 0o400)
        with millrace.open(copy) as index:
            self.assertTrue(index.search("mill"))
        self.assertEqual(before, sorted((path, path.stat().st_mtime_ns) for path in copy.rglob("*")))
        for path in copy.rglob("*"):
            path.chmod(0o700)

    def test_what_is_not_there_says_what_to_type(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertRaisesRegex(millrace.NoSnapshotError, "millrace backfill", millrace.open, folder)
            self.assertRaisesRegex(millrace.NoSnapshotError, "folder", millrace.open, self.corpus.pipeline)


@unittest.skipUnless(support.binary(), "no millrace here; build the package, or set MILLRACE_BINARY")
class DamageTests(unittest.TestCase):
    """A flipped byte anywhere gives an error or the right answer, never another one."""

    @classmethod
    def setUpClass(cls):
        cls.corpus = support.Corpus("hash", documents=6)
        cls.corpus.run("backfill")
        (cls.corpus.root / "docs" / "d1.md").unlink()
        cls.corpus.run("sync", codes=(0, 4))
        cls.queries = [("mill wheel", "bm25"), ("stone brook", "vector"), ("running", "fused")]
        cls.expected = cls.ask()

    @classmethod
    def tearDownClass(cls):
        cls.corpus.close()

    @classmethod
    def ask(cls):
        with millrace.open(cls.corpus.workspace) as index:
            found = [index.search(text, 5, mode) for text, mode in cls.queries]
            found.append(index.search("mill", 5, filters=["uri=docs/d", "lang=en"]))
            return [[(hit, hit.snippet) for hit in hits] for hits in found]

    def files(self):
        root = pathlib.Path(self.corpus.workspace)
        return sorted([*root.glob("shards/*/segments/*"), *root.glob("snapshots/*.json"), root / "LIVE"])

    def damaged(self, path, data):
        """Whether damage was noticed; fails where another answer came."""
        original = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(data)
        try:
            found = self.ask()
        except millrace.MillraceError as error:
            self.assertNotIn("brook", str(error))
            return True
        finally:
            path.write_bytes(original)
        self.assertEqual(found, self.expected, f"another answer after damage to {path.name}")
        return False

    def test_flipped_bytes(self):
        random.seed(3)
        noticed = total = 0
        for path in self.files():
            data = path.read_bytes()
            places = {random.randrange(len(data)) for _ in range(24)} | set(range(0, min(512, len(data)), 24))
            for place in places:
                changed = bytearray(data)
                changed[place] ^= 1 << random.randrange(8)
                noticed += self.damaged(path, bytes(changed))
                total += 1
        self.assertGreater(noticed, total // 3)

    def test_truncated_and_foreign_files(self):
        for path in self.files():
            data = path.read_bytes()
            for other in (b"", data[:7], data[:300], data[: len(data) // 2], data[:-1], data + b"\0",
                          bytes(random.Random(5).randbytes(len(data)))):
                if path.name.endswith(".json") and not path.name.startswith("2"):
                    continue
                self.damaged(path, other)

    def test_hostile_numbers_are_refused_with_bounded_memory(self):
        from millrace.files import Cursor

        for data in (b"\xff" * 12, b"\xff\xff\xff\xff" + b"a" * 8):
            self.assertRaises(millrace.CorruptError, Cursor(data, "x").pairs)
            self.assertRaises(millrace.CorruptError, Cursor(data, "x").text)
        self.assertRaises(millrace.CorruptError, Cursor(b"\x80" * 20, "x").varint, 1 << 40)

    def test_a_descriptor_leads_out_of_no_workspace(self):
        import json

        path = sorted((pathlib.Path(self.corpus.workspace) / "snapshots").glob("*.json"))[-1]
        for name in ("../../../etc/passwd", "/etc/passwd", "x.mrs"):
            value = json.loads(path.read_bytes())
            value["indexes"][0]["segments"][0]["name"] = name
            self.assertTrue(self.damaged(path, json.dumps(value).encode()))

    def test_newer_and_older_are_told_apart(self):
        segment = next(path for path in self.files() if path.suffix == ".mrs")
        for version, kind in ((9, millrace.TooNewError), (1, millrace.TooOldError)):
            original = segment.read_bytes()
            changed = bytearray(original)
            changed[8] = version
            segment.chmod(0o600)
            segment.write_bytes(changed)
            try:
                self.assertRaises(kind, millrace.open, self.corpus.workspace)
            finally:
                segment.write_bytes(original)

    def test_verify_notices_every_byte(self):
        segment = next(path for path in self.files() if path.suffix == ".mrs")
        original = segment.read_bytes()
        segment.chmod(0o600)
        random.seed(11)
        try:
            for place in random.sample(range(len(original)), 60):
                changed = bytearray(original)
                changed[place] ^= 1
                segment.write_bytes(changed)
                with self.assertRaises(millrace.MillraceError, msg=str(place)):
                    millrace.open(self.corpus.workspace).verify()
        finally:
            segment.write_bytes(original)


class PostingsTests(unittest.TestCase):
    def test_lists_read_as_one_by_one(self):
        from millrace.segment import Segment

        def varint(value):
            out = bytearray()
            while value >= 0x80:
                out.append(value & 0x7F | 0x80)
                value >>= 7
            return bytes(out) + bytes([value])

        random.seed(2)
        for _ in range(200):
            chunks = sorted(random.sample(range(100_000), random.randint(1, 60)))
            counts = [random.choice([1, 1, 2, 3, 300, 70_000]) for _ in chunks]
            data, previous = b"", -1
            for chunk, count in zip(chunks, counts):
                data += varint(2 * (chunk - previous - 1) + (count == 1))
                data += b"" if count == 1 else varint(count - 2)
                previous = chunk
            segment = Segment.__new__(Segment)
            segment.path, segment.chunk_count, segment.version = "x", 100_000, 5
            segment._section = lambda name, data=data: memoryview(data)
            found = segment.postings(len(chunks), 0, len(data))
            self.assertEqual(found.chunks.tolist(), chunks)
            self.assertEqual(found.counts.tolist(), counts)
            for broken in (data[:-1], data + b"\x80", data + b"\x01"):
                segment._section = lambda name, data=broken: memoryview(data)
                with self.assertRaises(millrace.CorruptError):
                    segment.postings(len(chunks), 0, len(broken))


if __name__ == "__main__":
    unittest.main()
