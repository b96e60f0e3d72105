#include "ckernels_vectors.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define X86 1
#else
#define X86 0
#endif

// A fused multiply-add rounds once where two operations round twice: the bits would then depend on
// the processor.
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
#define TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define TARGET_V4 __attribute__((target("arch=x86-64-v4")))
#define TARGET_V4_POPCNT __attribute__((target("arch=x86-64-v4,avx512vpopcntdq")))

typedef float f32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));

// MARK: - Level

static int detect_level(void) {
#if X86
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("x86-64-v3")) return MR_LEVEL_BASELINE;
    if (!__builtin_cpu_supports("x86-64-v4")) return MR_LEVEL_V3;
    return __builtin_cpu_supports("avx512vpopcntdq") ? MR_LEVEL_V4_POPCNT : MR_LEVEL_V4;
#else
    return MR_LEVEL_BASELINE;
#endif
}

int mr_vector_level(void) {
    static _Atomic int known = -1;
    int level = atomic_load_explicit(&known, memory_order_relaxed);
    if (level < 0) {
        level = detect_level();
        atomic_store_explicit(&known, level, memory_order_relaxed);
    }
    return level;
}

// MARK: - Lane tree

// Lanes i and i + 16 first, then halves: one order for every kernel that sums.
INLINE float sum_lanes(const f32x16 *first, const f32x16 *second) {
    float lane[16];
    f32x16 both = *first + *second;
    memcpy(lane, &both, sizeof lane);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; i++) lane[i] = lane[i] + lane[i + half];
    return lane[0];
}

INLINE float dot_body(const float *a, const float *b, size_t count) {
    f32x16 first = {0}, second = {0}, x, y;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        first = first + x * y;
        memcpy(&x, a + i + 16, sizeof x);
        memcpy(&y, b + i + 16, sizeof y);
        second = second + x * y;
    }
    if (i < count) {
        float left[32] = {0}, right[32] = {0};
        memcpy(left, a + i, (count - i) * sizeof(float));
        memcpy(right, b + i, (count - i) * sizeof(float));
        memcpy(&x, left, sizeof x);
        memcpy(&y, right, sizeof y);
        first = first + x * y;
        memcpy(&x, left + 16, sizeof x);
        memcpy(&y, right + 16, sizeof y);
        second = second + x * y;
    }
    return sum_lanes(&first, &second);
}

#if X86
TARGET_V3 static float dot_v3(const float *a, const float *b, size_t n) { return dot_body(a, b, n); }
TARGET_V4 static float dot_v4(const float *a, const float *b, size_t n) { return dot_body(a, b, n); }
#endif

float mr_dot_f32(int level, const float *a, const float *b, size_t count) {
#if X86
    if (level >= MR_LEVEL_V4) return dot_v4(a, b, count);
    if (level >= MR_LEVEL_V3) return dot_v3(a, b, count);
#endif
    return dot_body(a, b, count);
}

// MARK: - binary16

INLINE float widen(uint16_t half) {
    uint32_t bits = (uint32_t)(half & 0x7FFF) << 13;
    float value;
    if ((half & 0x7C00) == 0x7C00) {
        bits |= 0x7F800000;
        if (half & 0x3FF) bits |= 0x00400000;
        memcpy(&value, &bits, sizeof value);
    } else {
        // The exponent is rebased by an exact multiplication, which also normalises subnormals.
        memcpy(&value, &bits, sizeof value);
        value = value * 0x1p112f;
        memcpy(&bits, &value, sizeof bits);
    }
    bits |= (uint32_t)(half & 0x8000) << 16;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE uint16_t narrow(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint16_t sign = (uint16_t)((bits >> 16) & 0x8000);
    bits &= 0x7FFFFFFF;
    if (bits > 0x7F800000) return sign | 0x7E00 | (uint16_t)((bits >> 13) & 0x3FF);
    if (bits >= 0x47800000) return sign | 0x7C00;
    if (bits < 0x38800000) {
        // Below 2^-14: adding one half aligns the value to the subnormal step and rounds it to even.
        float magnitude;
        memcpy(&magnitude, &bits, sizeof magnitude);
        magnitude = magnitude + 0.5f;
        memcpy(&bits, &magnitude, sizeof bits);
        return sign | (uint16_t)(bits - 0x3F000000);
    }
    // Overflow of the rounding carries into the exponent, as it should.
    bits += 0xC8000FFF + ((bits >> 13) & 1);
    return sign | (uint16_t)(bits >> 13);
}

static void widen_all(const uint16_t *source, float *target, size_t count) {
    for (size_t i = 0; i < count; i++) target[i] = widen(source[i]);
}

static void narrow_all(const float *source, uint16_t *target, size_t count) {
    for (size_t i = 0; i < count; i++) target[i] = narrow(source[i]);
}

static float dot_f16(const float *a, const uint16_t *b, size_t count) {
    // Whole trees of 32 lanes at a time, so that splitting changes no sum.
    f32x16 first = {0}, second = {0}, x, y;
    for (size_t i = 0; i < count; i += 32) {
        float left[32] = {0}, right[32] = {0};
        size_t n = count - i < 32 ? count - i : 32;
        memcpy(left, a + i, n * sizeof(float));
        widen_all(b + i, right, n);
        memcpy(&x, left, sizeof x);
        memcpy(&y, right, sizeof y);
        first = first + x * y;
        memcpy(&x, left + 16, sizeof x);
        memcpy(&y, right + 16, sizeof y);
        second = second + x * y;
    }
    return sum_lanes(&first, &second);
}

#if X86
TARGET_V3 static void widen_all_v3(const uint16_t *source, float *target, size_t count) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(target + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(source + i))));
    for (; i < count; i++) target[i] = widen(source[i]);
}

TARGET_V3 static void narrow_all_v3(const float *source, uint16_t *target, size_t count) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm_storeu_si128(
            (__m128i *)(target + i),
            _mm256_cvtps_ph(_mm256_loadu_ps(source + i), _MM_FROUND_TO_NEAREST_INT));
    for (; i < count; i++) target[i] = narrow(source[i]);
}

TARGET_V3 static float dot_f16_v3(const float *a, const uint16_t *b, size_t count) {
    f32x16 first = {0}, second = {0}, x, y;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        float right[32];
        for (int k = 0; k < 4; k++)
            _mm256_storeu_ps(
                right + 8 * k, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(b + i + 8 * k))));
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, right, sizeof y);
        first = first + x * y;
        memcpy(&x, a + i + 16, sizeof x);
        memcpy(&y, right + 16, sizeof y);
        second = second + x * y;
    }
    if (i < count) {
        float left[32] = {0}, right[32] = {0};
        memcpy(left, a + i, (count - i) * sizeof(float));
        widen_all_v3(b + i, right, count - i);
        memcpy(&x, left, sizeof x);
        memcpy(&y, right, sizeof y);
        first = first + x * y;
        memcpy(&x, left + 16, sizeof x);
        memcpy(&y, right + 16, sizeof y);
        second = second + x * y;
    }
    return sum_lanes(&first, &second);
}
#endif

float mr_dot_f32_f16(int level, const float *a, const uint16_t *b, size_t count) {
#if X86
    if (level >= MR_LEVEL_V3) return dot_f16_v3(a, b, count);
#endif
    return dot_f16(a, b, count);
}

void mr_f16_from_f32(int level, const float *source, uint16_t *target, size_t count) {
#if X86
    if (level >= MR_LEVEL_V3) {
        narrow_all_v3(source, target, count);
        return;
    }
#endif
    narrow_all(source, target, count);
}

void mr_f32_from_f16(int level, const uint16_t *source, float *target, size_t count) {
#if X86
    if (level >= MR_LEVEL_V3) {
        widen_all_v3(source, target, count);
        return;
    }
#endif
    widen_all(source, target, count);
}

int mr_all_within(const float *values, size_t count, float limit) {
    int within = 1;
    for (size_t i = 0; i < count; i++) within &= fabsf(values[i]) <= limit;
    return within;
}

// MARK: - Rotation

// One butterfly stage inside 16 lanes: lane i takes its partner i ^ STEP, plus or minus itself.
#define LANE_STAGE(x, STEP)                                                                        \
    do {                                                                                           \
        const i32x16 partner = {0 ^ STEP, 1 ^ STEP, 2 ^ STEP,  3 ^ STEP,  4 ^ STEP,  5 ^ STEP,     \
                                6 ^ STEP, 7 ^ STEP, 8 ^ STEP,  9 ^ STEP,  10 ^ STEP, 11 ^ STEP,    \
                                12 ^ STEP, 13 ^ STEP, 14 ^ STEP, 15 ^ STEP};                       \
        f32x16 other = __builtin_shufflevector(                                                    \
            x, x, 0 ^ STEP, 1 ^ STEP, 2 ^ STEP, 3 ^ STEP, 4 ^ STEP, 5 ^ STEP, 6 ^ STEP, 7 ^ STEP,  \
            8 ^ STEP, 9 ^ STEP, 10 ^ STEP, 11 ^ STEP, 12 ^ STEP, 13 ^ STEP, 14 ^ STEP, 15 ^ STEP); \
        u32x16 flip = (u32x16)((partner & STEP) == 0) & 0x80000000u;                               \
        x = other + (f32x16)((u32x16)x ^ flip);                                                    \
    } while (0)

INLINE void hadamard(float *values, size_t count, float scale) {
    f32x16 x, y;
    for (size_t i = 0; i < count; i += 16) {
        memcpy(&x, values + i, sizeof x);
        LANE_STAGE(x, 1);
        LANE_STAGE(x, 2);
        LANE_STAGE(x, 4);
        LANE_STAGE(x, 8);
        memcpy(values + i, &x, sizeof x);
    }
    for (size_t step = 16; step < count; step *= 2) {
        for (size_t start = 0; start < count; start += 2 * step) {
            for (size_t i = start; i < start + step; i += 16) {
                memcpy(&x, values + i, sizeof x);
                memcpy(&y, values + i + step, sizeof y);
                f32x16 sum = x + y, difference = x - y;
                memcpy(values + i, &sum, sizeof sum);
                memcpy(values + i + step, &difference, sizeof difference);
            }
        }
    }
    for (size_t i = 0; i < count; i += 16) {
        memcpy(&x, values + i, sizeof x);
        x = x * scale;
        memcpy(values + i, &x, sizeof x);
    }
}

INLINE void rotate_body(
    float *values, size_t padded, size_t block, const uint32_t *signs, size_t rounds) {
    const float scale = 1.0f / sqrtf((float)block);
    for (size_t round = 0; round < rounds; round++, signs += padded) {
        for (size_t i = 0; i < padded; i += 16) {
            u32x16 x, mask;
            memcpy(&x, values + i, sizeof x);
            memcpy(&mask, signs + i, sizeof mask);
            x = x ^ mask;
            memcpy(values + i, &x, sizeof x);
        }
        hadamard(values, block, scale);
        if (block < padded) hadamard(values + padded - block, block, scale);
    }
}

#if X86
TARGET_V3 static void rotate_v3(
    float *values, size_t padded, size_t block, const uint32_t *signs, size_t rounds) {
    rotate_body(values, padded, block, signs, rounds);
}
TARGET_V4 static void rotate_v4(
    float *values, size_t padded, size_t block, const uint32_t *signs, size_t rounds) {
    rotate_body(values, padded, block, signs, rounds);
}
#endif

void mr_rotate(
    int level, float *values, size_t padded, size_t block, const uint32_t *signs, size_t rounds) {
#if X86
    if (level >= MR_LEVEL_V4) {
        rotate_v4(values, padded, block, signs, rounds);
        return;
    }
    if (level >= MR_LEVEL_V3) {
        rotate_v3(values, padded, block, signs, rounds);
        return;
    }
#endif
    rotate_body(values, padded, block, signs, rounds);
}

// MARK: - Codes

INLINE void encode_body(
    const float *rotated, size_t count, size_t padded, uint64_t *codes, float *factors) {
    for (size_t row = 0; row < count; row++, rotated += padded) {
        f32x16 sums[2] = {{0}, {0}}, squares[2] = {{0}, {0}};
        for (size_t i = 0; i < padded; i += 32) {
            for (size_t half = 0; half < 2; half++) {
                f32x16 x;
                memcpy(&x, rotated + i + 16 * half, sizeof x);
                sums[half] = sums[half] + (f32x16)((u32x16)x & 0x7FFFFFFFu);
                squares[half] = squares[half] + x * x;
            }
        }
        float absolute = sum_lanes(&sums[0], &sums[1]);
        float square = sum_lanes(&squares[0], &squares[1]);
        float scale = 0, spread = 0;
        if (absolute > 0) {
            scale = square / absolute;
            float rest = (float)padded * square * scale / absolute - square;
            spread = rest > 0 ? sqrtf(rest / (float)(padded - 1)) : 0;
        }
        factors[2 * row] = scale;
        factors[2 * row + 1] = spread;
        for (size_t word = 0; word < padded / 64; word++) {
            uint64_t bits = 0;
            for (size_t i = 0; i < 64; i++)
                bits |= (uint64_t)(rotated[64 * word + i] > 0) << i;
            *codes++ = bits;
        }
    }
}

#if X86
TARGET_V3 static void encode_v3(
    const float *rotated, size_t count, size_t padded, uint64_t *codes, float *factors) {
    encode_body(rotated, count, padded, codes, factors);
}
TARGET_V4 static void encode_v4(
    const float *rotated, size_t count, size_t padded, uint64_t *codes, float *factors) {
    encode_body(rotated, count, padded, codes, factors);
}
#endif

void mr_encode(
    int level, const float *rotated, size_t count, size_t padded, uint64_t *codes, float *factors) {
#if X86
    if (level >= MR_LEVEL_V4) {
        encode_v4(rotated, count, padded, codes, factors);
        return;
    }
    if (level >= MR_LEVEL_V3) {
        encode_v3(rotated, count, padded, codes, factors);
        return;
    }
#endif
    encode_body(rotated, count, padded, codes, factors);
}

// MARK: - Scan

INLINE void scan_words(
    const uint64_t *codes, const float *factors, size_t count, size_t words,
    const uint64_t *planes, int32_t constant, float step, float *scores) {
    for (size_t row = 0; row < count; row++, codes += words) {
        int32_t ones = 0, sums[4] = {0};
        // The scalar instruction beats the vector code the compiler would make of this loop.
#pragma clang loop vectorize(disable)
        for (size_t w = 0; w < words; w++) {
            ones += __builtin_popcountll(codes[w]);
            sums[0] += __builtin_popcountll(codes[w] & planes[w]);
            sums[1] += __builtin_popcountll(codes[w] & planes[words + w]);
            sums[2] += __builtin_popcountll(codes[w] & planes[2 * words + w]);
            sums[3] += __builtin_popcountll(codes[w] & planes[3 * words + w]);
        }
        int32_t weighted = sums[0] + 2 * sums[1] + 4 * sums[2] + 8 * sums[3];
        int32_t total = 4 * weighted - 30 * ones + constant;
        scores[row] = (float)total * factors[2 * row] * step;
    }
}

// A constant word count lets the compiler unroll the common sizes.
INLINE void scan_body(
    const uint64_t *codes, const float *factors, size_t count, size_t words,
    const uint64_t *planes, int32_t constant, float step, float *scores) {
    switch (words) {
    case 4: scan_words(codes, factors, count, 4, planes, constant, step, scores); break;
    case 6: scan_words(codes, factors, count, 6, planes, constant, step, scores); break;
    case 8: scan_words(codes, factors, count, 8, planes, constant, step, scores); break;
    default: scan_words(codes, factors, count, words, planes, constant, step, scores);
    }
}

#if X86
// The bits of a nibble, times -15 for all that are set and times 2^(k + 1) for those of plane k: a byte's sum
// is half of what it adds to a score, and lies within -120 and 120.
static const int8_t nibble_ones[16] = {0,   -15, -15, -30, -15, -30, -30, -45,
                                       -15, -30, -30, -45, -30, -45, -45, -60};
static const int8_t nibble_bits[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

// 4 * sum 2^k popcount(x & plane k) - 30 * popcount(x), halved, for 256 bits of a code: four sums, each
// too great by 32 * 128 / 4.
TARGET_V3 INLINE __m256i weigh_256(
    __m256i x, const __m256i *low, const __m256i *high, const __m256i *bits, __m256i ones) {
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    __m256i x_low = _mm256_and_si256(x, nibble);
    __m256i x_high = _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble);
    __m256i sum = _mm256_add_epi8(
        _mm256_shuffle_epi8(ones, x_low), _mm256_shuffle_epi8(ones, x_high));
    for (int k = 0; k < 4; k++) {
        __m256i first = _mm256_shuffle_epi8(bits[k], _mm256_and_si256(x_low, low[k]));
        __m256i second = _mm256_shuffle_epi8(bits[k], _mm256_and_si256(x_high, high[k]));
        sum = _mm256_add_epi8(sum, _mm256_add_epi8(first, second));
    }
    sum = _mm256_xor_si256(sum, _mm256_set1_epi8((char)0x80));
    return _mm256_sad_epu8(sum, _mm256_setzero_si256());
}

TARGET_V3 INLINE __m256i nibble_table(const int8_t *table, int scale) {
    int8_t scaled[16];
    for (int i = 0; i < 16; i++) scaled[i] = (int8_t)(table[i] * scale);
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)scaled));
}

TARGET_V3 INLINE __m256i load_words(const uint64_t *from, size_t count) {
    uint64_t words[4] = {0};
    memcpy(words, from, count * sizeof *from);
    return _mm256_loadu_si256((const __m256i *)words);
}

// The most 256-bit parts of a code that are held in registers and the first cache.
enum { PARTS_MAX = 16 };

// `parts` is a constant where the caller has one, so that the planes stay in registers.
TARGET_V3 INLINE void scan_parts(
    const uint64_t *codes, const float *factors, size_t count, size_t words, size_t parts,
    const uint64_t *planes, int32_t constant, float step, float *scores) {
    const __m256i ones = nibble_table(nibble_ones, 1), nibble = _mm256_set1_epi8(0x0F);
    __m256i bits[4], low[PARTS_MAX][4], high[PARTS_MAX][4];
    for (int k = 0; k < 4; k++) bits[k] = nibble_table(nibble_bits, 2 << k);
    for (size_t part = 0; part < parts; part++) {
        size_t held = words - 4 * part < 4 ? words - 4 * part : 4;
        for (int k = 0; k < 4; k++) {
            __m256i plane = load_words(planes + k * words + 4 * part, held);
            low[part][k] = _mm256_and_si256(plane, nibble);
            high[part][k] = _mm256_and_si256(_mm256_srli_epi16(plane, 4), nibble);
        }
    }
    for (size_t row = 0; row < count; row++, codes += words) {
        __m256i sum = _mm256_setzero_si256();
        for (size_t part = 0; part < parts; part++) {
            size_t rest = words - 4 * part;
            __m256i x = rest >= 4 ? _mm256_loadu_si256((const __m256i *)(codes + 4 * part))
                                  : load_words(codes + 4 * part, rest);
            sum = _mm256_add_epi64(sum, weigh_256(x, low[part], high[part], bits, ones));
        }
        __m128i half = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        half = _mm_add_epi64(half, _mm_unpackhi_epi64(half, half));
        int32_t total = 2 * ((int32_t)_mm_cvtsi128_si64(half) - 4096 * (int32_t)parts) + constant;
        scores[row] = (float)total * factors[2 * row] * step;
    }
}

TARGET_V3 static void scan_v3(
    const uint64_t *codes, const float *factors, size_t count, size_t words,
    const uint64_t *planes, int32_t constant, float step, float *scores) {
    if (words == 4) scan_parts(codes, factors, count, 4, 1, planes, constant, step, scores);
    else if (words == 6) scan_parts(codes, factors, count, 6, 2, planes, constant, step, scores);
    else if (words <= 4 * PARTS_MAX)
        scan_parts(codes, factors, count, words, (words + 3) / 4, planes, constant, step, scores);
    else scan_body(codes, factors, count, words, planes, constant, step, scores);
}

// 2 * sum 2^k popcount(x & plane k) - 15 * popcount(x), in eight 64-bit lanes: half of what they add to a score.
TARGET_V4_POPCNT INLINE __m512i weigh(__m512i x, const __m512i *plane) {
    __m512i ones = _mm512_popcnt_epi64(x);
    __m512i sum = _mm512_popcnt_epi64(_mm512_and_si512(x, plane[3]));
    for (int k = 2; k >= 0; k--) {
        __m512i bits = _mm512_popcnt_epi64(_mm512_and_si512(x, plane[k]));
        sum = _mm512_add_epi64(_mm512_add_epi64(sum, sum), bits);
    }
    sum = _mm512_add_epi64(_mm512_add_epi64(sum, sum), ones);
    return _mm512_sub_epi64(sum, _mm512_slli_epi64(ones, 4));
}

// The low halves of the lanes of two registers, side by side; then the sums of neighbours.
TARGET_V4_POPCNT INLINE __m512i join(__m512i first, __m512i second) {
    return _mm512_mask_shuffle_epi32(first, 0xAAAA, second, (_MM_PERM_ENUM)0xA0);
}
TARGET_V4_POPCNT INLINE __m512i add_lanes(__m512i first, __m512i second) {
    return _mm512_add_epi32(
        _mm512_unpacklo_epi64(first, second), _mm512_unpackhi_epi64(first, second));
}

// The sums of the lower and of the upper four lanes of each of eight registers, in their order.
TARGET_V4_POPCNT INLINE __m512i sum_halves(const __m512i *lanes) {
    const __m512i order =
        _mm512_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
    __m512i low = add_lanes(join(lanes[0], lanes[1]), join(lanes[2], lanes[3]));
    __m512i high = add_lanes(join(lanes[4], lanes[5]), join(lanes[6], lanes[7]));
    __m512i sums = _mm512_add_epi32(
        _mm512_shuffle_i64x2(low, high, 0x88), _mm512_shuffle_i64x2(low, high, 0xDD));
    return _mm512_permutexvar_epi32(order, sums);
}

// Codes come from memory, page after page: a processor's own guesses end at each page's end.
enum { SCAN_AHEAD = 2048, LINE = 64 };

INLINE void fetch_ahead(const void *from, size_t byte_count) {
    for (size_t at = 0; at < byte_count; at += LINE)
        __builtin_prefetch((const void *)((uintptr_t)from + SCAN_AHEAD + at));
}

// Sixteen rows of 256 bits at once, two in a register; gives how many rows are done.
TARGET_V4_POPCNT static size_t scan_256(
    const uint64_t *codes, const float *factors, size_t count, const uint64_t *planes,
    int32_t constant, float step, float *scores) {
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    __m512i plane[4], lanes[8];
    for (int k = 0; k < 4; k++)
        plane[k] = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(planes + 4 * k)));
    size_t row = 0;
    for (; row + 16 <= count; row += 16) {
        const float *pairs = factors + 2 * row;
        fetch_ahead(codes + 4 * row, 16 * 32);
        fetch_ahead(pairs, 16 * 8);
        for (int i = 0; i < 8; i++)
            lanes[i] = weigh(_mm512_loadu_si512(codes + 4 * row + 8 * i), plane);
        __m512i total = _mm512_add_epi32(
            _mm512_slli_epi32(sum_halves(lanes), 1), _mm512_set1_epi32(constant));
        __m512 scale =
            _mm512_permutex2var_ps(_mm512_loadu_ps(pairs), even, _mm512_loadu_ps(pairs + 16));
        __m512 score = _mm512_mul_ps(_mm512_cvtepi32_ps(total), scale);
        _mm512_storeu_ps(scores + row, _mm512_mul_ps(score, _mm512_set1_ps(step)));
    }
    return row;
}

TARGET_V4_POPCNT INLINE __m512i weigh_row(
    const uint64_t *code, size_t words, const uint64_t *planes) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t w = 0; w < words; w += 8) {
        __mmask8 present = words - w >= 8 ? 0xFF : (__mmask8)((1u << (words - w)) - 1);
        __m512i plane[4];
        for (size_t k = 0; k < 4; k++)
            plane[k] = _mm512_maskz_loadu_epi64(present, planes + k * words + w);
        sum = _mm512_add_epi64(sum, weigh(_mm512_maskz_loadu_epi64(present, code + w), plane));
    }
    return sum;
}

// Eight rows at once; gives how many rows are done. `words` is a constant where the caller has one.
TARGET_V4_POPCNT INLINE size_t scan_eights(
    const uint64_t *codes, const float *factors, size_t count, size_t words,
    const uint64_t *planes, int32_t constant, float step, float *scores) {
    __m512i lanes[8];
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
        fetch_ahead(codes + words * row, 64 * words);
        fetch_ahead(factors + 2 * row, 64);
        for (size_t i = 0; i < 8; i++) lanes[i] = weigh_row(codes + words * (row + i), words, planes);
        // Twice the sum of both halves.
        __m512i halves = _mm512_slli_epi32(sum_halves(lanes), 1);
        halves = _mm512_add_epi32(halves, _mm512_srli_epi64(halves, 32));
        __m256i total = _mm256_add_epi32(_mm512_cvtepi64_epi32(halves), _mm256_set1_epi32(constant));
        __m512i pairs = _mm512_loadu_si512(factors + 2 * row);
        __m256 scale = _mm256_castsi256_ps(_mm512_cvtepi64_epi32(pairs));
        __m256 score = _mm256_mul_ps(_mm256_cvtepi32_ps(total), scale);
        _mm256_storeu_ps(scores + row, _mm256_mul_ps(score, _mm256_set1_ps(step)));
    }
    return row;
}

TARGET_V4_POPCNT static void scan_popcnt(
    const uint64_t *codes, const float *factors, size_t count, size_t words,
    const uint64_t *planes, int32_t constant, float step, float *scores) {
    size_t row;
    if (words == 4) row = scan_256(codes, factors, count, planes, constant, step, scores);
    else if (words == 6)
        row = scan_eights(codes, factors, count, 6, planes, constant, step, scores);
    else row = scan_eights(codes, factors, count, words, planes, constant, step, scores);
    for (; row < count; row++) {
        __m512i sum = weigh_row(codes + words * row, words, planes);
        int32_t total = 2 * (int32_t)_mm512_reduce_add_epi64(sum) + constant;
        scores[row] = (float)total * factors[2 * row] * step;
    }
}
#endif

void mr_scan(
    int level, const uint64_t *codes, const float *factors, size_t count, size_t words,
    const uint64_t *planes, int32_t constant, float step, float *scores) {
#if X86
    if (level >= MR_LEVEL_V4_POPCNT) {
        scan_popcnt(codes, factors, count, words, planes, constant, step, scores);
        return;
    }
    if (level >= MR_LEVEL_V3) {
        scan_v3(codes, factors, count, words, planes, constant, step, scores);
        return;
    }
#endif
    scan_body(codes, factors, count, words, planes, constant, step, scores);
}
