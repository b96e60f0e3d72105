#include "ckernels_redact.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef uint64_t block_mask(const uint8_t *at, const ck_anchors_t *anchors);

static int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

/// The mask of 64 bytes; two bytes before them are read.
static uint64_t block_plain(const uint8_t *at, const ck_anchors_t *anchors) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) {
        uint8_t sets = 0;
        for (int group = 0; group < CK_ANCHOR_GROUPS; group++) {
            uint8_t all = 255;
            for (int place = 0; place < 3; place++) {
                const uint8_t byte = at[i - 2 + place];
                all &= anchors->low[group][place][byte & 15];
                all &= anchors->high[group][place][byte >> 4];
            }
            sets |= all;
        }
        const int starts_digits = is_digit(at[i]) && !is_digit(at[i - 1]);
        const int is_anchor = sets || starts_digits || at[i] == '@';
        mask |= (uint64_t)is_anchor << i;
    }
    return mask;
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i table(const uint8_t *from) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)from));
}

/// The bytes below ten are those that the smaller of the byte and nine leaves as they are.
AVX2 static inline uint32_t digits(__m256i bytes) {
    const __m256i value = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
    const __m256i least = _mm256_min_epu8(value, _mm256_set1_epi8(9));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(least, value));
}

/// The bytes that start digits or are an at sign.
AVX2 static inline uint32_t plain_anchors(const uint8_t *at) {
    const __m256i last = _mm256_loadu_si256((const __m256i *)at);
    const __m256i before = _mm256_loadu_si256((const __m256i *)(at - 1));
    const __m256i signs = _mm256_cmpeq_epi8(last, _mm256_set1_epi8('@'));
    return (digits(last) & ~digits(before)) | (uint32_t)_mm256_movemask_epi8(signs);
}

/// Both halves of a block at once, for which each table is loaded once.
AVX2 static uint64_t block_avx2(const uint8_t *at, const ck_anchors_t *anchors) {
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i low[3][2], high[3][2];
    for (int place = 0; place < 3; place++) {
        for (int half = 0; half < 2; half++) {
            const uint8_t *from = at - 2 + place + 32 * half;
            const __m256i bytes = _mm256_loadu_si256((const __m256i *)from);
            low[place][half] = _mm256_and_si256(bytes, nibble);
            high[place][half] = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
        }
    }
    __m256i any[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (int group = 0; group < CK_ANCHOR_GROUPS; group++) {
        __m256i sets[2] = {_mm256_set1_epi8(-1), _mm256_set1_epi8(-1)};
        for (int place = 0; place < 3; place++) {
            const __m256i low_table = table(anchors->low[group][place]);
            const __m256i high_table = table(anchors->high[group][place]);
            for (int half = 0; half < 2; half++) {
                const __m256i both = _mm256_and_si256(
                    _mm256_shuffle_epi8(low_table, low[place][half]),
                    _mm256_shuffle_epi8(high_table, high[place][half])
                );
                sets[half] = _mm256_and_si256(sets[half], both);
            }
        }
        for (int half = 0; half < 2; half++) any[half] = _mm256_or_si256(any[half], sets[half]);
    }
    uint64_t mask = 0;
    for (int half = 0; half < 2; half++) {
        const __m256i none = _mm256_cmpeq_epi8(any[half], _mm256_setzero_si256());
        const uint32_t sets = ~(uint32_t)_mm256_movemask_epi8(none);
        mask |= (uint64_t)(sets | plain_anchors(at + 32 * half)) << (32 * half);
    }
    return mask;
}

#define VBMI __attribute__((target("arch=x86-64-v4,avx512vbmi")))

VBMI static inline uint64_t wide_digits(__m512i bytes) {
    const __m512i value = _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'));
    return _mm512_cmplt_epu8_mask(value, _mm512_set1_epi8(10));
}

/// A look-up by seven bits of a byte has few sets that let other triples through, and costs as much as one
/// by half a byte.
VBMI static uint64_t block_vbmi(const uint8_t *at, const ck_anchors_t *anchors) {
    const __m512i bytes[3] = {
        _mm512_loadu_si512(at - 2), _mm512_loadu_si512(at - 1), _mm512_loadu_si512(at)
    };
    __m512i any = _mm512_setzero_si512();
    for (int group = 0; group < CK_ANCHOR_WIDE_GROUPS; group++) {
        __m512i sets = _mm512_set1_epi8(-1);
        for (int place = 0; place < 3; place++) {
            const uint8_t *table = anchors->wide[group][place];
            const __m512i entries = _mm512_permutex2var_epi8(
                _mm512_loadu_si512(table), bytes[place], _mm512_loadu_si512(table + 64)
            );
            sets = _mm512_and_si512(sets, entries);
        }
        any = _mm512_or_si512(any, sets);
    }
    const uint64_t starts = wide_digits(bytes[2]) & ~wide_digits(bytes[1]);
    return _mm512_test_epi8_mask(any, any) | starts
        | _mm512_cmpeq_epi8_mask(bytes[2], _mm512_set1_epi8('@'));
}

static block_mask *chosen(void) {
    if (__builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vbmi")) {
        return block_vbmi;
    }
    return __builtin_cpu_supports("avx2") ? block_avx2 : block_plain;
}
#else
static block_mask *chosen(void) { return block_plain; }
#endif

void ck_anchor_masks(
    const uint8_t *text,
    size_t count,
    size_t start,
    size_t blocks,
    const ck_anchors_t *anchors,
    uint64_t *masks
) {
    block_mask *mask_of = chosen();
    for (size_t block = 0; block < blocks; block++) {
        const size_t offset = start + 64 * block;
        if (offset >= 2 && count >= 64 && offset <= count - 64) {
            masks[block] = mask_of(text + offset, anchors);
            continue;
        }
        // An end of the text: a copy with what stands beside it.
        uint8_t copy[66] = {'\n', '\n'};
        for (size_t i = 0; i < 66; i++) {
            const size_t at = offset + i;
            if (at >= 2 && at - 2 < count) copy[i] = text[at - 2];
        }
        masks[block] = mask_of(copy + 2, anchors);
    }
}

size_t ck_ordinary_end(const uint8_t *text, size_t count, size_t start) {
    size_t i = start;
#if defined(__x86_64__)
    for (; i + 16 <= count; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(text + i));
        const __m128i capitals = _mm_and_si128(
            _mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)),
            _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1))
        );
        const __m128i digits = _mm_and_si128(
            _mm_cmpgt_epi8(bytes, _mm_set1_epi8('0' - 1)),
            _mm_cmplt_epi8(bytes, _mm_set1_epi8(':' + 1))
        );
        // The sign bit is that of bytes beyond ASCII.
        const int mask = _mm_movemask_epi8(_mm_or_si128(bytes, _mm_or_si128(capitals, digits)));
        if (mask != 0) return i + (size_t)__builtin_ctz((unsigned)mask);
    }
#endif
    while (i < count) {
        const uint8_t byte = text[i];
        if (byte >= 0x80 || (uint8_t)(byte - 'A') < 26 || (uint8_t)(byte - '0') < 11) break;
        i++;
    }
    return i;
}

uint64_t ck_word_starts(const uint8_t *text, size_t start, size_t count) {
    uint8_t copy[65] = {0};
    copy[0] = start > 0 ? text[start - 1] : 0;
    if (count > 64) count = 64;
    memcpy(copy + 1, text + start, count);
    uint64_t letters = 0, leads = 0;
#if defined(__x86_64__)
    for (int i = 0; i < 64; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(copy + 1 + i));
        const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        const __m128i is_letter = _mm_and_si128(
            _mm_cmpgt_epi8(folded, _mm_set1_epi8('a' - 1)),
            _mm_cmplt_epi8(folded, _mm_set1_epi8('z' + 1))
        );
        // As a signed number, a first byte is from -64 to -1.
        const __m128i is_lead = _mm_and_si128(
            _mm_cmpgt_epi8(bytes, _mm_set1_epi8(-65)), _mm_cmplt_epi8(bytes, _mm_setzero_si128())
        );
        letters |= (uint64_t)(uint16_t)_mm_movemask_epi8(is_letter) << i;
        leads |= (uint64_t)(uint16_t)_mm_movemask_epi8(is_lead) << i;
    }
#else
    for (int i = 0; i < 64; i++) {
        letters |= (uint64_t)((uint8_t)((copy[1 + i] | 0x20) - 'a') < 26) << i;
        leads |= (uint64_t)(copy[1 + i] >= 0xC0) << i;
    }
#endif
    const uint64_t follows = letters << 1 | ((uint8_t)((copy[0] | 0x20) - 'a') < 26);
    return leads | (letters & ~follows);
}
