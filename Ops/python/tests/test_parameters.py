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
            ("FIRST_LOOK_PER_HIT", "Search/VectorSearch.swift", r"firstLookMin, " + number + r" \* count"),
            ("REACH_NEAR_HITS", "Search/VectorSearch.swift", r"count <= " + number),
            ("REACH_NEAR", "Search/VectorSearch.swift", r"count <= [0-9]+ \? " + number),
            ("REACH_FAR", "Search/VectorSearch.swift", r"\? [0-9.]+ : " + number),
            ("FUSION_BM25", "Search/FusionWeights.swift", r"bm25: Double = " + number + r", vector"),
            ("FUSION_VECTOR_OTHER", "Search/FusionWeights.swift", r"default: FusionWeights\(vector: " + number),
            ("IMPACTS_PER_UNIT", "Search/LexicalSearch.swift", r"impactsPerUnit = " + number),
            ("IMPACT_MAX", "Search/LexicalSearch.swift", r"impactMax = " + number),
            ("STOP_WORD_TERMS_MIN", "Search/StopWords.swift", r"queryTermsMin = " + number),
            ("STOP_WORD_TERMS_LEFT_MIN", "Search/StopWords.swift", r"termsLeftMin = " + number),
            ("FUSED_DEPTH_MIN", "Search/Fusion.swift", r"depth = " + number),
            ("FITTING_MIN", "Search/Searcher+Ranking.swift", r"fittingMin = " + number),
            ("GROUP_GROWTH", "Search/Searcher+Ranking.swift", r"room \*= " + number),
            ("ANALYZER_REVISION", "Text/Analysis/TermAnalyzer.swift", r"revision = " + number),
            ("ANALYZER_REVISION_MIN", "Text/Analysis/TermAnalyzer.swift", r"oldestRevision = " + number),
            ("INFLECTED_BYTES_MIN", "Text/Analysis/TermAnalyzer.swift", r"inflectedByteMin = " + number),
            ("NUMBER_DIGITS_MIN", "Text/Analysis/TermAnalyzer+Spellings.swift", r"numberDigitsMin = " + number),
            ("UNIT_LETTERS_MIN", "Text/Analysis/TermAnalyzer+Spellings.swift", r"unitLettersMin = " + number),
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

    def test_the_weights_of_models_are_the_programs(self):
        text = (SOURCES / "Search/FusionWeights.swift").read_text(encoding="utf-8")
        named = re.findall(r'case "([^"]+)": FusionWeights\(vector: ([0-9.]+)\)', text)
        self.assertEqual({name: float(weight) for name, weight in named}, parameters.FUSION_VECTOR)
        three = re.findall(r'(?:case "([^"]+)"|default): FusionWeights\(vector: ([0-9.]+), sparse: ([0-9.]+)\)', text)
        self.assertEqual({name: (float(vector), float(sparse)) for name, vector, sparse in three},
                         parameters.FUSION_EXPANDED | {"": parameters.FUSION_EXPANDED_OTHER})

    def test_the_stop_words_are_the_programs(self):
        from millrace import stopwords

        text = (SOURCES / "Search/StopWords.swift").read_text(encoding="utf-8")
        found = re.findall(r'// [A-Z][a-z]+\s+"""\s*(.*?)"""', text, re.S)
        self.assertEqual([words.replace("\\\n", " ").split() for words in found],
                         [words.split() for words in stopwords._LANGUAGES])

    def test_the_format_is_the_programs(self):
        self.assertEqual(segment.VERSION, found("Segments/SegmentFormat.swift", r" version: UInt32 = ([0-9]+)"))
        self.assertEqual(segment.OLDEST_VERSION, found("Segments/SegmentFormat.swift", r"oldestVersion: UInt32 = ([0-9]+)"))


if __name__ == "__main__":
    unittest.main()
