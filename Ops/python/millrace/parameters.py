"""Every constant of a search that is a choice, each beside the Swift file that it follows.

What is a fact of a file's format stands in `segment.py`. `tests/test_parameters.py` compares these
with the Swift sources of the checkout, so a change there is noticed here.
"""

# Search/LexicalSearch.swift: BM25.
SATURATION = 1.2
LENGTH_WEIGHT = 0.75

# Search/VectorSearch.swift: a first look at the greatest bounds, and the spreads that a bound reaches.
FIRST_LOOK_MIN = 64
FIRST_LOOK_PER_HIT = 2
REACH_NEAR = 2.25
REACH_FAR = 1.5
REACH_NEAR_HITS = 50

# Search/FusionWeights.swift: weights of scores, BM25's and the vectors' by model.
FUSION_BM25 = 1.0
FUSION_VECTOR = {"potion-base-8M": 0.5, "all-MiniLM-L6-v2": 1.5, "hash": 0.1}
FUSION_VECTOR_OTHER = 0.7
# Where there are expansions too: the vectors' and the expansions'.
FUSION_EXPANDED = {"potion-base-8M": (0.3, 1.0), "all-MiniLM-L6-v2": (0.7, 0.7), "hash": (0.1, 1.0)}
FUSION_EXPANDED_OTHER = (0.5, 0.7)

# Search/LexicalSearch.swift: steps of an impact.
IMPACTS_PER_UNIT = 64.0
IMPACT_MAX = 255

# Search/StopWords.swift
STOP_WORD_TERMS_MIN = 8
STOP_WORD_TERMS_LEFT_MIN = 3

# Search/Fusion.swift: how far both rankings go that are joined.
FUSED_DEPTH_MIN = 200
FUSED_DEPTH_PER_HIT = 2
# The fewest fitting chunks that are looked for at once, where texts have to be read.
FITTING_MIN = 10
# How much further to look where members of groups took places.
GROUP_GROWTH = 4

# Text/Analysis/TermAnalyzer.swift
ANALYZER_REVISION = 4
ANALYZER_REVISION_MIN = 3
TERM_BYTES_MAX = 64
INFLECTED_BYTES_MIN = 3
COMPOUND_PARTS_MAX = 4
UNIT_LETTERS_MIN = 2
NUMBER_DIGITS_MIN = 3

# Embedding/StaticModel.swift, Embedding/HashModel.swift
STATIC_TOKENS_MAX = 512
STATIC_REVISION = 1
HASH_REVISION = 1
LENGTH_EPSILON = 1e-32

# Embedding/WordPieceRules.swift
WORD_CHARACTERS_MAX = 100

# Search/Snippet.swift
SNIPPET_BYTES_MAX = 240
SNIPPET_LEAD_BYTES = 80

# Search/ChunkID.swift
CHUNK_ID_TEXT_DIGITS = 12
