"""The Snowball English stemmer ("Porter 2") as libstemmer 2.2 has it.

Written from the algorithm's page (snowballstem.org, English) for words of lower-case ASCII letters,
which are the only ones that Millrace stems. Later Snowball releases stem some words otherwise, so no
installed stemmer is used: terms in a file were made by this one. `tests/test_analysis.py` compares it
with libstemmer where that is installed.
"""

from __future__ import annotations

from functools import lru_cache

_VOWELS = frozenset("aeiouy")
_EXCEPTIONS = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie",
    "idly": "idl", "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli",
    "singly": "singl", "sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas",
    "cosmos": "cosmos", "bias": "bias", "andes": "andes",
}
_UNCHANGED_AFTER_1A = frozenset(
    ("inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed")
)
_DOUBLES = frozenset(("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"))


def _by_length(*suffixes: str) -> tuple[str, ...]:
    return tuple(sorted(suffixes, key=len, reverse=True))


_STEP_2 = {
    "tional": "tion", "enci": "ence", "anci": "ance", "abli": "able", "entli": "ent",
    "izer": "ize", "ization": "ize", "ational": "ate", "ation": "ate", "ator": "ate",
    "alism": "al", "aliti": "al", "alli": "al", "fulness": "ful", "ousli": "ous",
    "ousness": "ous", "iveness": "ive", "iviti": "ive", "biliti": "ble", "bli": "ble",
    "ogi": "og", "fulli": "ful", "lessli": "less", "li": "",
}
_STEP_3 = {
    "tional": "tion", "ational": "ate", "alize": "al", "icate": "ic", "iciti": "ic",
    "ical": "ic", "ful": "", "ness": "", "ative": "",
}
_STEP_2_ORDER = _by_length(*_STEP_2)
_STEP_3_ORDER = _by_length(*_STEP_3)
_STEP_4_ORDER = _by_length(
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ism", "ate",
    "iti", "ous", "ive", "ize", "ion",
)


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """The stem of a word of lower-case ASCII letters."""
    exception = _EXCEPTIONS.get(word)
    if exception is not None:
        return exception
    if len(word) < 3:
        return word
    word = _marked(word)
    p1, p2 = _regions(word)
    word = _step_1a(word)
    if word not in _UNCHANGED_AFTER_1A:
        word = _step_1b(word, p1)
        word = _step_1c(word)
        word = _step_2(word, p1)
        word = _step_3(word, p1, p2)
        word = _step_4(word, p2)
        word = _step_5(word, p1, p2)
    return word.replace("Y", "y")


def _marked(word: str) -> str:
    """With `Y` for each y that is a consonant: at the start and after a vowel."""
    letters = list(word)
    if letters[0] == "y":
        letters[0] = "Y"
    for index in range(1, len(letters)):
        if letters[index] == "y" and letters[index - 1] in _VOWELS:
            letters[index] = "Y"
    return "".join(letters)


def _after_vowel_and_consonant(word: str, start: int) -> int | None:
    index = start
    while index < len(word) and word[index] not in _VOWELS:
        index += 1
    while index < len(word) and word[index] in _VOWELS:
        index += 1
    return index + 1 if index < len(word) else None


def _regions(word: str) -> tuple[int, int]:
    p1: int | None = None
    for prefix in ("gener", "commun", "arsen"):
        if word.startswith(prefix):
            p1 = len(prefix)
    if p1 is None:
        p1 = _after_vowel_and_consonant(word, 0)
    if p1 is None:
        return len(word), len(word)
    p2 = _after_vowel_and_consonant(word, p1)
    return p1, len(word) if p2 is None else p2


def _has_vowel(text: str) -> bool:
    return any(letter in _VOWELS for letter in text)


def _ends_short(word: str) -> bool:
    """Whether the word ends in a short syllable."""
    if len(word) >= 3:
        if (
            word[-1] not in _VOWELS
            and word[-1] not in "wxY"
            and word[-2] in _VOWELS
            and word[-3] not in _VOWELS
        ):
            return True
    return len(word) == 2 and word[1] not in _VOWELS and word[0] in _VOWELS


def _step_1a(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) >= 5 else word[:-1]
    if word.endswith(("us", "ss")):
        return word
    if word.endswith("s") and _has_vowel(word[:-2]):
        return word[:-1]
    return word


def _step_1b(word: str, p1: int) -> str:
    for suffix in ("eedly", "ingly", "edly", "eed", "ing", "ed"):
        if not word.endswith(suffix):
            continue
        rest = word[: -len(suffix)]
        if suffix in ("eed", "eedly"):
            return rest + "ee" if p1 <= len(rest) else word
        if not _has_vowel(rest):
            return word
        if rest.endswith(("at", "bl", "iz")):
            return rest + "e"
        if rest[-2:] in _DOUBLES:
            return rest[:-1]
        if len(rest) == p1 and _ends_short(rest):
            return rest + "e"
        return rest
    return word


def _step_1c(word: str) -> str:
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS:
        return word[:-1] + "i"
    return word


def _step_2(word: str, p1: int) -> str:
    for suffix in _STEP_2_ORDER:
        if not word.endswith(suffix):
            continue
        rest = word[: -len(suffix)]
        if p1 > len(rest):
            return word
        if suffix == "ogi" and not rest.endswith("l"):
            return word
        if suffix == "li" and rest[-1:] not in tuple("cdeghkmnrt"):
            return word
        return rest + _STEP_2[suffix]
    return word


def _step_3(word: str, p1: int, p2: int) -> str:
    for suffix in _STEP_3_ORDER:
        if not word.endswith(suffix):
            continue
        rest = word[: -len(suffix)]
        if p1 > len(rest) or (suffix == "ative" and p2 > len(rest)):
            return word
        return rest + _STEP_3[suffix]
    return word


def _step_4(word: str, p2: int) -> str:
    for suffix in _STEP_4_ORDER:
        if not word.endswith(suffix):
            continue
        rest = word[: -len(suffix)]
        if p2 > len(rest) or (suffix == "ion" and rest[-1:] not in ("s", "t")):
            return word
        return rest
    return word


def _step_5(word: str, p1: int, p2: int) -> str:
    rest = word[:-1]
    if word.endswith("e"):
        if p2 <= len(rest) or (p1 <= len(rest) and not _ends_short(rest)):
            return rest
    elif word.endswith("l") and p2 <= len(rest) and rest.endswith("l"):
        return rest
    return word
