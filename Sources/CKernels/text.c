#include "ckernels_text.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))
static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }
#endif

#define INLINED static inline __attribute__((always_inline, unused))

INLINED bool is_ascii(const uint8_t *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return (word & 0x8080808080808080) == 0;
}

// MARK: UTF-8

INLINED bool is_tail(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/// The bytes of the well-formed sequence that begins here, 0 where there is none.
INLINED size_t sequence(const uint8_t *at, size_t available) {
    const uint8_t lead = at[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    if (available < 2 || !is_tail(at[1])) return 0;
    if (lead < 0xE0) return 2;
    if (available < 3 || !is_tail(at[2])) return 0;
    if (lead < 0xF0) {
        if (lead == 0xE0 && at[1] < 0xA0) return 0;
        return lead == 0xED && at[1] > 0x9F ? 0 : 3;
    }
    if (available < 4 || !is_tail(at[3])) return 0;
    if (lead == 0xF0 && at[1] < 0x90) return 0;
    return lead == 0xF4 && at[1] > 0x8F ? 0 : 4;
}

bool ck_utf8_is_valid_plain(const uint8_t *text, size_t count) {
    size_t i = 0;
    while (i < count) {
        if (i + 8 <= count && is_ascii(text + i)) {
            i += 8;
            continue;
        }
        const size_t length = sequence(text + i, count - i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

#if defined(__x86_64__)
// What three half bytes say of a pair of bytes; a pair is malformed where all three say so.
// Source: J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte", 2021.
enum {
    TOO_SHORT = 1 << 0,
    TOO_LONG = 1 << 1,
    OVERLONG_3 = 1 << 2,
    TOO_LARGE = 1 << 3,
    SURROGATE = 1 << 4,
    OVERLONG_2 = 1 << 5,
    // Also a lead of four bytes that begins beyond U+10FFFF.
    OVERLONG_4 = 1 << 6,
    TWO_TAILS = 1 << 7,
    ANY_LEAD = TOO_SHORT | TOO_LONG | TWO_TAILS,
    BEYOND = TOO_LARGE | OVERLONG_4,
};

static const uint8_t first_high[16] = {
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TWO_TAILS, TWO_TAILS, TWO_TAILS, TWO_TAILS,
    TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | BEYOND,
};
static const uint8_t first_low[16] = {
    ANY_LEAD | OVERLONG_2 | OVERLONG_3 | OVERLONG_4, ANY_LEAD | OVERLONG_2, ANY_LEAD, ANY_LEAD,
    ANY_LEAD | TOO_LARGE, ANY_LEAD | BEYOND, ANY_LEAD | BEYOND, ANY_LEAD | BEYOND,
    ANY_LEAD | BEYOND, ANY_LEAD | BEYOND, ANY_LEAD | BEYOND, ANY_LEAD | BEYOND,
    ANY_LEAD | BEYOND, ANY_LEAD | BEYOND | SURROGATE, ANY_LEAD | BEYOND, ANY_LEAD | BEYOND,
};
static const uint8_t second_high[16] = {
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    TOO_LONG | OVERLONG_2 | TWO_TAILS | OVERLONG_3 | OVERLONG_4,
    TOO_LONG | OVERLONG_2 | TWO_TAILS | OVERLONG_3 | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_TAILS | SURROGATE | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_TAILS | SURROGATE | TOO_LARGE,
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
};

AVX2 static inline __m256i half_table(const uint8_t *from) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)from));
}

AVX2 static inline __m256i high_half(__m256i bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
}

/// Where a byte does not go on with those before it; nothing where it does.
AVX2 static inline __m256i faults(__m256i bytes, __m256i before) {
    const __m256i carried = _mm256_permute2x128_si256(before, bytes, 0x21);
    const __m256i last = _mm256_alignr_epi8(bytes, carried, 15);
    const __m256i second = _mm256_alignr_epi8(bytes, carried, 14);
    const __m256i third = _mm256_alignr_epi8(bytes, carried, 13);
    const __m256i low = _mm256_and_si256(last, _mm256_set1_epi8(15));
    const __m256i pairs = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(half_table(first_high), high_half(last)),
            _mm256_shuffle_epi8(half_table(first_low), low)
        ),
        _mm256_shuffle_epi8(half_table(second_high), high_half(bytes))
    );
    // A tail must follow two bytes behind a lead of three and three behind one of four.
    const __m256i is_third = _mm256_subs_epu8(second, _mm256_set1_epi8((char)(0xE0 - 0x80)));
    const __m256i is_fourth = _mm256_subs_epu8(third, _mm256_set1_epi8((char)(0xF0 - 0x80)));
    const __m256i wanted = _mm256_and_si256(
        _mm256_or_si256(is_third, is_fourth), _mm256_set1_epi8((char)0x80)
    );
    return _mm256_xor_si256(wanted, pairs);
}

AVX2 static bool is_valid_avx2(const uint8_t *text, size_t count) {
    __m256i before = _mm256_setzero_si256();
    __m256i found = _mm256_setzero_si256();
    for (size_t i = 0; i + 32 <= count; i += 32) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + i));
        if (_mm256_movemask_epi8(_mm256_or_si256(bytes, before)) != 0) {
            found = _mm256_or_si256(found, faults(bytes, before));
        }
        before = bytes;
    }
    // Zeros behind the end show a sequence that is cut.
    uint8_t rest[32] = {0};
    memcpy(rest, text + (count & ~(size_t)31), count & 31);
    const __m256i bytes = _mm256_loadu_si256((const __m256i *)rest);
    found = _mm256_or_si256(found, faults(bytes, before));
    return _mm256_testz_si256(found, found);
}
#endif

bool ck_utf8_is_valid(const uint8_t *text, size_t count) {
#if defined(__x86_64__)
    if (count >= 32 && has_avx2()) return is_valid_avx2(text, count);
#endif
    return ck_utf8_is_valid_plain(text, count);
}

// MARK: Composition

/// Whether a code point that begins with this byte may take part in a composition. What follows the text
/// counts as zeros.
INLINED bool composes(uint8_t lead, uint8_t second, uint8_t third) {
    // To U+02FF, and U+0400 to U+047F.
    if (lead < 0xCC || lead == 0xD0 || lead == 0xD1) return false;
    switch (lead) {
    // Punctuation from U+2002 on.
    case 0xE2: return second != 0x80 || third < 0x82;
    // U+3000 to U+3FFF without their combining marks.
    case 0xE3:
        return (second == 0x80 && third >= 0xAA && third <= 0xAF)
            || (second == 0x82 && third >= 0x99 && third <= 0x9A);
    // U+4000 to U+9FFF, and most of Hangul's syllables.
    case 0xE4: case 0xE5: case 0xE6: case 0xE7: case 0xE8: case 0xE9: case 0xEB: case 0xEC:
        return false;
    default: return true;
    }
}

static bool may_compose_from(const uint8_t *text, size_t count, size_t start) {
    size_t i = start;
    while (i < count) {
        if (i + 8 <= count && is_ascii(text + i)) {
            i += 8;
            continue;
        }
        const uint8_t second = i + 1 < count ? text[i + 1] : 0;
        const uint8_t third = i + 2 < count ? text[i + 2] : 0;
        if (composes(text[i], second, third)) return true;
        i++;
    }
    return false;
}

bool ck_may_compose_plain(const uint8_t *text, size_t count) {
    return may_compose_from(text, count, 0);
}

#if defined(__x86_64__)
AVX2 static inline __m256i is(__m256i bytes, uint8_t byte) {
    return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8((char)byte));
}

AVX2 static inline __m256i at_least(__m256i bytes, uint8_t byte) {
    return _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, _mm256_set1_epi8((char)byte)), bytes);
}

AVX2 static inline __m256i within(__m256i bytes, uint8_t first, uint8_t last) {
    return _mm256_andnot_si256(at_least(bytes, last + 1), at_least(bytes, first));
}

/// As `composes`, for 32 bytes; two bytes behind them are read.
AVX2 static inline __m256i composing(const uint8_t *at, __m256i lead) {
    const __m256i second = _mm256_loadu_si256((const __m256i *)(at + 1));
    const __m256i third = _mm256_loadu_si256((const __m256i *)(at + 2));
    __m256i plain = _mm256_or_si256(is(lead, 0xD0), is(lead, 0xD1));
    plain = _mm256_or_si256(plain, within(lead, 0xE4, 0xE9));
    plain = _mm256_or_si256(plain, within(lead, 0xEB, 0xEC));
    const __m256i punctuation = _mm256_and_si256(
        is(lead, 0xE2), _mm256_and_si256(is(second, 0x80), at_least(third, 0x82))
    );
    const __m256i marks = _mm256_or_si256(
        _mm256_and_si256(is(second, 0x80), within(third, 0xAA, 0xAF)),
        _mm256_and_si256(is(second, 0x82), within(third, 0x99, 0x9A))
    );
    const __m256i kana = _mm256_andnot_si256(marks, is(lead, 0xE3));
    plain = _mm256_or_si256(plain, _mm256_or_si256(punctuation, kana));
    return _mm256_andnot_si256(plain, at_least(lead, 0xCC));
}

AVX2 static bool may_compose_avx2(const uint8_t *text, size_t count) {
    size_t i = 0;
    for (; i + 34 <= count; i += 32) {
        const __m256i lead = _mm256_loadu_si256((const __m256i *)(text + i));
        if (_mm256_movemask_epi8(lead) == 0) continue;
        const __m256i found = composing(text + i, lead);
        if (!_mm256_testz_si256(found, found)) return true;
    }
    return may_compose_from(text, count, i);
}
#endif

bool ck_may_compose(const uint8_t *text, size_t count) {
#if defined(__x86_64__)
    if (has_avx2()) return may_compose_avx2(text, count);
#endif
    return ck_may_compose_plain(text, count);
}

// MARK: JSON

INLINED bool is_escaped(uint8_t byte) { return byte < 0x20 || byte == '"' || byte == '\\'; }

/// Writes an escaped byte; the bytes written.
INLINED size_t escape(uint8_t byte, uint8_t *output) {
    static const char letters[] = "btn\0fr";
    output[0] = '\\';
    if (byte == '"' || byte == '\\') {
        output[1] = byte;
        return 2;
    }
    if (byte >= 0x08 && byte <= 0x0D && byte != 0x0B) {
        output[1] = (uint8_t)letters[byte - 0x08];
        return 2;
    }
    memcpy(output + 1, "u00", 3);
    output[4] = '0' + (byte >> 4);
    output[5] = (uint8_t)"0123456789abcdef"[byte & 15];
    return 6;
}

size_t ck_json_escape_plain(const uint8_t *text, size_t count, uint8_t *output) {
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_escaped(text[i])) {
            written += escape(text[i], output + written);
        } else {
            output[written++] = text[i];
        }
    }
    return written;
}

size_t ck_json_escape(const uint8_t *text, size_t count, uint8_t *output) {
    size_t written = 0;
    size_t i = 0;
#if defined(__x86_64__)
    // Sixteen bytes are copied as they are; what is behind the first that is escaped is written over. There
    // is room: a byte that was read has six in the output.
    while (i + 16 <= count) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(text + i));
        _mm_storeu_si128((__m128i *)(output + written), bytes);
        const __m128i controls =
            _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        const __m128i signs = _mm_or_si128(
            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))
        );
        const int mask = _mm_movemask_epi8(_mm_or_si128(controls, signs));
        const size_t plain = mask == 0 ? 16 : (size_t)__builtin_ctz((unsigned)mask);
        i += plain;
        written += plain;
        if (mask != 0) written += escape(text[i++], output + written);
    }
#endif
    return written + ck_json_escape_plain(text + i, count - i, output + written);
}

// MARK: Controls

ck_controls_t ck_controls(const uint8_t *text, size_t count) {
    ck_controls_t sums = {false, 0, 0};
    size_t nuls = 0;
    // So many bytes that a sum of theirs fits into one: then whole vectors of sums are added up.
    for (size_t start = 0; start < count; start += 255) {
        const size_t end = count - start < 255 ? count : start + 255;
        uint8_t zeros = 0, strange = 0, untidy = 0;
        for (size_t i = start; i < end; i++) {
            const uint8_t byte = text[i];
            const uint8_t is_control = (byte < 0x20) | (byte == 0x7F);
            const uint8_t is_known = ((uint8_t)(byte - 0x08) < 6) | (byte == 0x1B);
            const uint8_t is_tidy = (byte == '\t') | (byte == '\n');
            zeros += byte == 0;
            strange += is_control & !is_known;
            untidy += is_control & !is_tidy;
        }
        nuls += zeros;
        sums.strange += strange;
        sums.untidy += untidy;
    }
    sums.has_nul = nuls > 0;
    return sums;
}
