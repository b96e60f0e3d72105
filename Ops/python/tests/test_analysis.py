"""Terms, stems and characters: tables of cases, and the C libraries as references where they are."""

import ctypes
import glob
import random
import re
import unittest

import support  # noqa: F401  (finds the package)
from millrace.analysis import _WITHOUT_UMLAUTS, analyze, word_forms
from millrace.light_stemmer import _RULES, _SAME_RULES, stemmer_of, stemmers
from millrace.parameters import TERM_BYTES_MAX
from millrace.stemmer import stem
from millrace.wordpiece import WordPiece, _is_known


def terms(text):
    return {term.decode(): count for term, count in analyze(text)[0].items()}


class TermTests(unittest.TestCase):
    def test_words_and_their_other_spellings(self):
        cases = {
            "wi-fi": {"wi", "fi", "wifi"},
            "4711-0815": {"4711", "0815", "47110815"},
            "Node.js": {"node", "js", "nodej"},
            "U.S.A. p.m.": {"usa", "pm"},
            "C++ C# Notepad++": {"c++", "c#", "notepad", "notepad++"},
            ".NET": {"net", ".net"},
            "getUserName": {"getusernam", "get", "user", "name"},
            "user_name": {"user_name", "user", "name"},
            "HTTPServer": {"httpserver", "http", "server"},
            "résumé Straße": {"resum", "strass"},
            "ёлка Αθήνας μέτρο": {"елка", "αθηνασ", "μετρο"},
            "H₂O oﬃce ﬂow µm": {"h2o", "offic", "flow", "μm"},
            "مَدْرَسـة أحمد שָׁלוֹם": {"مدرسه", "احمد", "שלום"},
            "東京都": {"東京", "京都"},
            "東": {"東"},
            "한국어": {"한국어"},
            "end.Begin": {"end", "begin"},
            "5kg KB5034441 A4": {"5", "kg", "5kg", "kb", "5034441", "kb5034441", "a4"},
            "1,234,567.8 1.234.567": {"1", "234", "567", "8", "1234567"},
            "0x80070005": {"0x80070005", "80070005"},
            "Gebäude": {"gebaud", "gebaeud"},
            "a-b-c-d": {"a", "b", "c", "d", "abcd"},
            "a-b-c-d-e": {"a", "b", "c", "d", "e"},
            "x\u2010ray": {"x", "ray", "xray"},
            "": set(),
            "...": set(),
        }
        for text, expected in cases.items():
            self.assertEqual(set(terms(text)), expected, text)

    def test_other_spellings_are_not_counted_in_the_length(self):
        self.assertEqual(analyze("wi-fi getUserName Node.js")[1], 5)

    def test_terms_ascend_and_are_bounded(self):
        found = list(analyze("b a é " + "x" * 500 + "é" * 50)[0])
        self.assertEqual(found, sorted(found))
        self.assertLessEqual(max(map(len, found)), TERM_BYTES_MAX)

    def test_any_text_is_analysed(self):
        random.seed(7)
        for _ in range(300):
            analyze("".join(chr(random.choice(
                [random.randrange(32, 127), random.randrange(0x80, 0xD800), random.randrange(0x10000, 0x110000)]
            )) for _ in range(40)))


class LightStemmerTests(unittest.TestCase):
    def test_the_rules_are_those_of_the_program(self):
        path = support.ROOT / "Sources" / "Text" / "Analysis" / "LightStemmer+Languages.swift"
        source = path.read_text("utf-8")
        tables = re.findall(r'"([a-z]{2})",\n\s+"""\n(.*?)\n\s+"""', source, re.S)

        def lines(rules):
            return [" ".join(line.split()) for line in rules.replace("\\\n", "").strip().split("\n")]

        self.assertEqual({code: lines(rules) for code, rules in tables},
                         {code: lines(rules) for code, rules in _RULES.items()})
        path = support.ROOT / "Sources" / "Text" / "Analysis" / "TermAnalyzer+Spellings.swift"
        without = re.search(r"languagesWithoutUmlauts: Set = \[(.*?)\]", path.read_text("utf-8"), re.S).group(1)
        self.assertEqual(set(re.findall(r'"(\w+)"', without)), _WITHOUT_UMLAUTS)
        same = re.search(r"sameRules = \[(.*?)\]", source, re.S).group(1)
        self.assertEqual(dict(re.findall(r'"(\S+)": "(\S+)"', same)), _SAME_RULES)

    def test_a_word_is_one_term_in_its_inflections(self):
        for tag, words, stem_ in [
            ("de", "Haus Hauses Häuser Häusern", "de:haus"), ("fr", "journal journaux", "fr:journal"),
            ("ru", "документ документа документами", "ru:документ"), ("hr", "knjiga knjigama", "sr:knjig"),
            ("ar", "كتاب الكتاب والكتاب", "ar:كتاب"), ("hi", "किताब किताबों", "hi:किताब"),
        ]:
            found = set(analyze(words, stemmer_of(tag))[0])
            self.assertEqual(found - {"haeuser".encode()}, found & {stem_.encode(), b"de:haeus"}, tag)
        self.assertIsNone(stemmer_of("hi-Latn"))
        self.assertIsNone(stemmer_of("en"))

    def test_every_language_has_the_same_number_of_terms(self):
        text = "Zürich wi-fi Node.js U.S.A. C++ getUserName 1,234,567 5kg Ölförderung don't 東京都 книгами"
        forms = word_forms(text, stemmers())
        self.assertEqual([word[0] for word in forms], analyze_in_order(text))
        self.assertTrue(all(len(word) == 1 + len(stemmers()) for word in forms))


def analyze_in_order(text):
    return [word[0] for word in word_forms(text, ())]


class StemmerTests(unittest.TestCase):
    def test_stems(self):
        for word, expected in {
            "running": "run", "houses": "hous", "flies": "fli", "ties": "tie", "agreed": "agre",
            "generously": "generous", "skis": "ski", "only": "onli", "sky": "sky", "inning": "inning",
            "hopping": "hop", "hoping": "hope", "relational": "relat", "yes": "yes", "by": "by",
        }.items():
            self.assertEqual(stem(word), expected, word)

    def test_agrees_with_libstemmer(self):
        paths = glob.glob("/usr/lib/*/libstemmer.so*")
        if not paths:
            self.skipTest("no libstemmer here")
        library = ctypes.CDLL(paths[0])
        library.sb_stemmer_new.restype = ctypes.c_void_p
        library.sb_stemmer_stem.restype = ctypes.POINTER(ctypes.c_ubyte)
        library.sb_stemmer_stem.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        library.sb_stemmer_length.argtypes = [ctypes.c_void_p]
        handle = library.sb_stemmer_new(b"english", b"UTF_8")
        random.seed(1)
        endings = (
            " s es ed eed edly eedly ing ingly y ational ization ousli li ogi logi ative ful ness ement "
            "ion sion e l ll ies ied us ss sses fulness biliti ical"
        ).split(" ")
        for _ in range(20_000):
            word = "".join(random.choice("aeiouybcdlmnstgrwx") for _ in range(random.randint(3, 7)))
            word += random.choice(endings) + random.choice(["", "ly", "s"])
            found = library.sb_stemmer_stem(handle, word.encode(), len(word))
            expected = bytes(found[: library.sb_stemmer_length(handle)]).decode()
            self.assertEqual(stem(word), expected, word)


class WordPieceTests(unittest.TestCase):
    vocabulary = WordPiece("\n".join(["[PAD]", "[UNK]", "[CLS]", "mill", "##s", "wheel", ",", "[", "]", "cls",
                                      "cafe", "東"]).encode())

    def test_ids(self):
        for text, expected in {
            "Mills, wheel": [3, 4, 6, 5],
            "millx": [1],
            "CAFÉ cafe\u0301": [10, 10],
            "[CLS]": [2],
            "[cls]": [7, 9, 8],
            "東東": [11, 11],
            "mi\u200bll": [3],
            "x" * 101: [1],
            "": [],
        }.items():
            self.assertEqual(self.vocabulary.encode(text), expected, text)

    def test_ages_agree_with_icu(self):
        paths = sorted(glob.glob("/usr/lib/*/libicuuc.so.*[0-9]"), key=len)
        if not paths:
            self.skipTest("no libicuuc here")
        number = re.search(r"\.so\.(\d+)", paths[0]).group(1)
        char_age = getattr(ctypes.CDLL(paths[0]), f"u_charAge_{number}")
        char_age.restype = None
        buffer = (ctypes.c_uint8 * 4)()
        for point in range(0, 0x110000, 7):
            char_age(point, buffer)
            self.assertEqual(_is_known(point), (0, 0) < (buffer[0], buffer[1]) <= (8, 0), hex(point))


if __name__ == "__main__":
    unittest.main()
