"""The files that the specification shows, and some of older formats, read by the package alone."""

import pathlib
import re
import tempfile
import unittest

import numpy as np
import support
from millrace import segment
from millrace.analysis import plain_words
from millrace.conditions import Conditions, QueryText

SPECIFICATION = support.ROOT / "Sources" / "Segments" / "Segments.docc" / "SegmentFormat.md"
FIXTURES = support.ROOT / "Tests" / "Fixtures"


def shown(name):
    """The file's name and bytes from its dump; `*` stands for lines of zeros."""
    dump = re.search(rf"```hexdump {name}\n(.*?)\n```", SPECIFICATION.read_text("utf-8"), re.S)
    lines = dump.group(1).split("\n")
    data = bytearray()
    for line in lines[1:]:
        if line == "*":
            continue
        offset, octets = int(line[:5], 16), bytes.fromhex(line[7:54].replace(" ", ""))
        data.extend(bytes(offset - len(data)))
        data.extend(octets)
    return lines[0], bytes(data)


@unittest.skipUnless(SPECIFICATION.is_file(), "no specification beside the package")
class FormatTests(unittest.TestCase):
    def opened(self, name, data):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / name
        path.write_bytes(data)
        found = segment.Segment(str(path))
        found.verify()
        return found

    def test_the_files_of_the_specification_are_read(self):
        empty = self.opened(*shown("empty"))
        self.assertEqual((empty.document_count, empty.chunk_count, empty.dimensions), (0, 0, 0))
        one = self.opened(*shown("one-chunk"))
        self.assertEqual(one.text(0), "one two two")
        self.assertEqual(one.document(0).uri, "file:///a.html")
        self.assertTrue(one.is_packed)
        self.assertLess(np.abs(one.vectors[0] - np.array([0.5, -2], np.float32)).max(), 0.005)
        self.assertEqual(list(one.postings(*one.find_term(b"two")).counts), [2])
        self.assertEqual(list(one.places(b"one")), [0])
        self.assertEqual(list(one.places(b"two")), [1, 2])
        self.assertEqual(list(one.places(b"three")), [])

    def test_a_file_of_format_2_is_read(self):
        (path,) = (FIXTURES / "segment-format-2").glob("*.mrs")
        old = self.opened(path.name, path.read_bytes())
        self.assertEqual((old.document_count, old.chunk_count), (9, 18))
        self.assertEqual(old.vectors.dtype, np.float16)
        self.assertTrue(old.text(0))

    def test_files_of_formats_3_and_4_are_read(self):
        for version, is_expanded in ((3, False), (4, True)):
            (path,) = (FIXTURES / f"segment-format-{version}").glob("*.mrs")
            old = self.opened(path.name, path.read_bytes())
            self.assertEqual((old.version, old.chunk_count, old.has_expansions), (version, 150, is_expanded))
            found = old.postings(*old.find_term(b"mill"))
            self.assertGreater(len(found.chunks), 128)
            self.assertEqual(found.chunks[-1], 149)

    def test_phrases_in_files_without_positions_are_looked_for_in_the_texts(self):
        (path,) = (FIXTURES / "segment-format-3").glob("*.mrs")
        old = self.opened(path.name, path.read_bytes())
        conditions = Conditions(QueryText('"wheel houses"'))
        some = conditions.narrowed(None, old)
        fewer = conditions.narrowed(None, old, is_joined=True)
        self.assertTrue((fewer & ~some).sum() == 0 and 0 < fewer.sum() < some.sum())
        for chunk in range(old.chunk_count):
            if b" wheel houses " in plain_words(old.text(chunk)):
                self.assertTrue(fewer[chunk])


if __name__ == "__main__":
    unittest.main()
