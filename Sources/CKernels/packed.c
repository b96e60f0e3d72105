#include "ckernels_packed.h"
#include "ckernels_vectors.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define X86 1
#define TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define TARGET_V4 __attribute__((target("arch=x86-64-v4")))
#else
#define X86 0
#endif

// A fused multiply-add rounds once where two operations round twice: the bits would then depend on
// the processor.
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

enum { MAGNITUDE_MAX = 511 };

size_t mr_packed_row_bytes(size_t padded) { return padded + padded / 8 + 2; }

// MARK: - Packing

// The least bfloat16 that is not below a value of 0 or more.
static uint16_t bfloat_up(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits >> 16) + ((bits & 0xFFFF) != 0));
}

INLINE float step_of(const uint8_t *row, size_t padded) {
    uint16_t half;
    memcpy(&half, row + padded + padded / 8, sizeof half);
    uint32_t bits = (uint32_t)half << 16;
    float step;
    memcpy(&step, &bits, sizeof step);
    return step;
}

INLINE void pack_body(const float *rotated, size_t padded, uint64_t *code, uint8_t *row) {
    float greatest = 0;
    for (size_t i = 0; i < padded; i++) {
        float value = fabsf(rotated[i]);
        greatest = value > greatest ? value : greatest;
    }
    memset(code, 0, padded / 8);
    memset(row, 0, mr_packed_row_bytes(padded));
    // The greatest value is below 2 * (MAGNITUDE_MAX + 1) steps, or just that.
    uint16_t half = bfloat_up(greatest / (2 * (MAGNITUDE_MAX + 1)));
    memcpy(row + padded + padded / 8, &half, sizeof half);
    float step = step_of(row, padded);
    if (!(step > 0)) return;
    const float width = 2 * step;
    for (size_t word = 0; word < padded / 64; word++) {
        uint64_t signs = 0, lows = 0;
        for (size_t i = 0; i < 64; i++) {
            float value = rotated[64 * word + i];
            int32_t magnitude = (int32_t)(fabsf(value) / width);
            magnitude = magnitude < MAGNITUDE_MAX ? magnitude : MAGNITUDE_MAX;
            row[64 * word + i] = (uint8_t)(magnitude >> 1);
            lows |= (uint64_t)(magnitude & 1) << i;
            signs |= (uint64_t)(value > 0) << i;
        }
        code[word] = signs;
        memcpy(row + padded + 8 * word, &lows, sizeof lows);
    }
}

#if X86
TARGET_V3 static void pack_v3(const float *rotated, size_t padded, uint64_t *code, uint8_t *row) {
    pack_body(rotated, padded, code, row);
}
TARGET_V4 static void pack_v4(const float *rotated, size_t padded, uint64_t *code, uint8_t *row) {
    pack_body(rotated, padded, code, row);
}
#endif

void mr_pack(int level, const float *rotated, size_t padded, uint64_t *code, uint8_t *row) {
#if X86
    if (level >= MR_LEVEL_V4) {
        pack_v4(rotated, padded, code, row);
        return;
    }
    if (level >= MR_LEVEL_V3) {
        pack_v3(rotated, padded, code, row);
        return;
    }
#endif
    pack_body(rotated, padded, code, row);
}

void mr_unpack(const uint64_t *code, const uint8_t *row, size_t padded, float *rotated) {
    const float step = step_of(row, padded);
    for (size_t i = 0; i < padded; i++) {
        int32_t low = row[padded + i / 8] >> i % 8 & 1;
        float value = (float)(2 * (2 * row[i] + low) + 1) * step;
        rotated[i] = code[i / 64] >> i % 64 & 1 ? value : -value;
    }
}

static void hadamard(float *values, size_t count) {
    const float scale = 1.0f / sqrtf((float)count);
    for (size_t step = 1; step < count; step *= 2)
        for (size_t start = 0; start < count; start += 2 * step)
            for (size_t i = start; i < start + step; i++) {
                float first = values[i], second = values[i + step];
                values[i] = first + second;
                values[i + step] = first - second;
            }
    for (size_t i = 0; i < count; i++) values[i] = values[i] * scale;
}

void mr_rotate_back(
    float *values, size_t padded, size_t block, const uint32_t *signs, size_t rounds) {
    for (size_t round = rounds; round-- > 0;) {
        if (block < padded) hadamard(values + padded - block, block);
        hadamard(values, block);
        for (size_t i = 0; i < padded; i++)
            if (signs[round * padded + i]) values[i] = -values[i];
    }
}

// MARK: - Ranking

// 64 products of 32,767 and 1,023 fit 32 bits.
INLINE int64_t total_body(
    const uint64_t *code, const uint8_t *row, size_t padded, const int16_t *query) {
    int64_t total = 0;
    for (size_t word = 0; word < padded / 64; word++) {
        uint64_t lows;
        memcpy(&lows, row + padded + 8 * word, sizeof lows);
        const uint64_t negative = ~code[word];
        int32_t sum = 0;
        for (size_t i = 0; i < 64; i++) {
            int32_t magnitude = 4 * row[64 * word + i] + 2 * (int32_t)(lows >> i & 1) + 1;
            int32_t flip = -(int32_t)(negative >> i & 1);
            sum += query[64 * word + i] * ((magnitude ^ flip) - flip);
        }
        total += sum;
    }
    return total;
}

#if X86
// Sums of 32 pairs of such products in a lane of 32 bits.
enum { PAIRS = 32 };

TARGET_V3 INLINE int64_t sum_256(__m256i lanes) {
    __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(lanes));
    __m256i high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256(lanes, 1));
    int64_t lane[4];
    _mm256_storeu_si256((__m256i *)lane, _mm256_add_epi64(low, high));
    return lane[0] + lane[1] + lane[2] + lane[3];
}

// All ones in the lanes whose bits are not set.
TARGET_V3 INLINE __m256i clear_lanes(uint16_t bits) {
    const __m256i bit = _mm256_setr_epi16(
        1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, (short)32768);
    __m256i found = _mm256_and_si256(_mm256_set1_epi16((short)bits), bit);
    return _mm256_cmpeq_epi16(found, _mm256_setzero_si256());
}

TARGET_V3 INLINE int64_t total_v3(
    const uint64_t *code, const uint8_t *row, size_t padded, const int16_t *query) {
    const __m256i one = _mm256_set1_epi16(1), three = _mm256_set1_epi16(3);
    const __m256i minus_two = _mm256_set1_epi16(-2);
    const uint8_t *lows = row + padded;
    int64_t total = 0;
    for (size_t i = 0; i < padded;) {
        const size_t end = padded - i < 16 * PAIRS ? padded : i + 16 * PAIRS;
        __m256i sums = _mm256_setzero_si256();
        for (; i < end; i += 16) {
            uint16_t low, positive;
            memcpy(&low, lows + i / 8, sizeof low);
            memcpy(&positive, (const char *)code + i / 8, sizeof positive);
            __m256i value = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i)));
            // 4 * upper + 3, less 2 where the lowest bit is not set.
            value = _mm256_add_epi16(_mm256_slli_epi16(value, 2), three);
            value = _mm256_add_epi16(value, _mm256_and_si256(clear_lanes(low), minus_two));
            value = _mm256_sign_epi16(value, _mm256_or_si256(clear_lanes(positive), one));
            __m256i factor = _mm256_loadu_si256((const __m256i *)(query + i));
            sums = _mm256_add_epi32(sums, _mm256_madd_epi16(value, factor));
        }
        total += sum_256(sums);
    }
    return total;
}

TARGET_V4 INLINE int64_t total_v4(
    const uint64_t *code, const uint8_t *row, size_t padded, const int16_t *query) {
    const __m512i one = _mm512_set1_epi16(1), two = _mm512_set1_epi16(2);
    const uint8_t *lows = row + padded;
    int64_t total = 0;
    for (size_t i = 0; i < padded;) {
        const size_t end = padded - i < 32 * PAIRS ? padded : i + 32 * PAIRS;
        __m512i sums = _mm512_setzero_si512();
        for (; i < end; i += 32) {
            uint32_t low, positive;
            memcpy(&low, lows + i / 8, sizeof low);
            memcpy(&positive, (const char *)code + i / 8, sizeof positive);
            __m512i value = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(row + i)));
            value = _mm512_add_epi16(_mm512_slli_epi16(value, 2), one);
            value = _mm512_mask_add_epi16(value, low, value, two);
            value = _mm512_mask_sub_epi16(value, ~positive, _mm512_setzero_si512(), value);
            __m512i factor = _mm512_loadu_si512(query + i);
            sums = _mm512_add_epi32(sums, _mm512_madd_epi16(value, factor));
        }
        total += sum_256(_mm512_castsi512_si256(sums));
        total += sum_256(_mm512_extracti64x4_epi64(sums, 1));
    }
    return total;
}
#endif

// Far enough ahead that a row has come from memory when it is read.
enum { AHEAD = 8, LINE = 64 };

#define RANK(TOTAL)                                                                                \
    const size_t padded = vectors->padded, stride = mr_packed_row_bytes(padded);                   \
    for (size_t i = 0; i < count; i++) {                                                           \
        if (i + AHEAD < count) {                                                                   \
            const uint8_t *next = vectors->rows + rows[i + AHEAD] * stride;                        \
            __builtin_prefetch(vectors->codes + rows[i + AHEAD] * (padded / 64));                  \
            for (size_t at = 0; at < stride; at += LINE) __builtin_prefetch(next + at);            \
            __builtin_prefetch(next + stride - 1);                                                 \
        }                                                                                          \
        const uint64_t *code = vectors->codes + rows[i] * (padded / 64);                           \
        const uint8_t *row = vectors->rows + rows[i] * stride;                                     \
        scores[i] = (float)TOTAL(code, row, padded, query) * step_of(row, padded) * step;          \
    }

static void rank_baseline(
    const mr_packed *vectors, const int16_t *query, float step, const uint32_t *rows, size_t count,
    float *scores) {
    RANK(total_body)
}

#if X86
TARGET_V3 static void rank_v3(
    const mr_packed *vectors, const int16_t *query, float step, const uint32_t *rows, size_t count,
    float *scores) {
    RANK(total_v3)
}
TARGET_V4 static void rank_v4(
    const mr_packed *vectors, const int16_t *query, float step, const uint32_t *rows, size_t count,
    float *scores) {
    RANK(total_v4)
}
#endif

void mr_rank_packed(
    int level, const mr_packed *vectors, const int16_t *query, float step, const uint32_t *rows,
    size_t count, float *scores) {
#if X86
    if (level >= MR_LEVEL_V4) {
        rank_v4(vectors, query, step, rows, count, scores);
        return;
    }
    if (level >= MR_LEVEL_V3) {
        rank_v3(vectors, query, step, rows, count, scores);
        return;
    }
#endif
    rank_baseline(vectors, query, step, rows, count, scores);
}
