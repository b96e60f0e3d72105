"""The constants of a search against the Swift sources that they follow."""

import re
import unittest

import support
from millrace import parameters, segment

SOURCES = support.ROOT / "Sources"


def found(path, pattern):
    text = (SOURCES / path).read_text(encoding="utf-8")
    match = re.search(pattern, text)
    assert match, f"{path}: nothing fits {pattern}; has the rule moved?"
    return float(match.group(1).replace("_", ""))


@unittest.skipUnless(SOURCES.is_dir(), "no Swift sources beside the package")
class ParameterTests(unittest.TestCase):
    def test_each_is_the_programs(self):
        number = r"([0-9._e-]+)"
        for name, path, pattern in [
            ("SATURATION", "Search/LexicalSearch.swift", r"saturation = " + number),
            ("LENGTH_WEIGHT", "Search/LexicalSearch.swift", r"lengthWeight = " + number),
            ("FIRST_LOOK_MIN", "Search/VectorSearch.swift", r"firstLookMin = " + number),
            ("REACH_COUNT", "Search/VectorSearch.swift", r"count <= " + number + r" \?"),
            ("REACH", "Search/VectorSearch.swift", r"count <= 50 \? " + number),
            ("REACH_DEEP", "Search/VectorSearch.swift", r"count <= 50 \? 2\.25 : " + number),
            ("FUSION_BM25", "Search/FusionWeights.swift", r"bm25: Double = " + number),
            ("FUSION_VECTOR_OTHER", "Search/FusionWeights.swift", r"default: FusionWeights\(vector: " + number),
            ("FUSED_DEPTH_MIN", "Search/Fusion.swift", r"static let depth = " + number),
            ("GROUP_GROWTH", "Search/Searcher+Ranking.swift", r"room \*= " + number),
            ("STOP_QUERY_TERMS_MIN", "Search/StopWords.swift", r"queryTermsMin = " + number),
            ("STOP_TERMS_LEFT_MIN", "Search/StopWords.swift", r"termsLeftMin = " + number),
            ("ANALYZER_REVISION", "Text/Analysis/TermAnalyzer.swift", r"revision = " + number),
            ("TERM_BYTES_MAX", "Text/Analysis/TermAnalyzer.swift", r"termByteLimit = " + number),
            ("COMPOUND_PARTS_MAX", "Text/Analysis/TermAnalyzer+Forms.swift", r"compoundPartLimit = " + number),
            ("STATIC_TOKENS_MAX", "Embedding/StaticModel.swift", r"tokensMaximum = " + number),
            ("LENGTH_EPSILON", "Embedding/StaticModel.swift", r"lengthEpsilon: Float = " + number),
            ("WORD_CHARACTERS_MAX", "Embedding/WordPieceRules.swift", r"wordCharactersMaximum = " + number),
            ("SNIPPET_BYTES_MAX", "Search/Snippet.swift", r"byteCountMax = " + number),
            ("SNIPPET_LEAD_BYTES", "Search/Snippet.swift", r"leadByteCount = " + number),
            ("CHUNK_ID_TEXT_DIGITS", "Search/ChunkID.swift", r"textDigitCount = " + number),
        ]:
            self.assertEqual(getattr(parameters, name), found(path, pattern), name)

    def test_the_format_is_the_programs(self):
        self.assertEqual(segment.VERSION, found("Segments/SegmentFormat.swift", r"version: UInt32 = ([0-9]+)"))


if __name__ == "__main__":
    unittest.main()
