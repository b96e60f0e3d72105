#pragma once
#include <stddef.h>
#include <stdint.h>

// Numeric kernels for vectors. Each result has the same bits at every level: sums follow one fixed
// lane tree, products and sums are never fused, and integer parts are exact. What a search does with
// them is in ckernels_nearest.h; words are in ckernels_postings.h.

/// Instruction sets a kernel can be compiled for, in ascending order.
enum {
    MR_LEVEL_BASELINE = 0,
    MR_LEVEL_V3 = 1,       // AVX2, F16C, POPCNT
    MR_LEVEL_V4 = 2,       // AVX-512 F, BW, CD, DQ, VL
    MR_LEVEL_V4_POPCNT = 3 // and AVX-512 VPOPCNTDQ
};

/// The highest level this processor runs.
int mr_vector_level(void);

/// Sum of a[i] * b[i] over a tree of 32 lanes.
float mr_dot_f32(int level, const float *a, const float *b, size_t count);

/// The same sum with `b` widened from binary16.
float mr_dot_f32_f16(int level, const float *a, const uint16_t *b, size_t count);

/// Rounds to nearest, ties to even; NaN stays NaN and overflow becomes infinity.
void mr_f16_from_f32(int level, const float *source, uint16_t *target, size_t count);

/// Exact.
void mr_f32_from_f16(int level, const uint16_t *source, float *target, size_t count);

/// 1 when no value is infinite or NaN and none is larger than `limit` in magnitude.
int mr_all_within(const float *values, size_t count, float limit);

/// Rotates `values` (`padded` floats, a multiple of 64) in place: per round a sign flip of all
/// values by `signs` (`padded` masks a round, 0 or 0x80000000), then a normalised Hadamard transform
/// of the first `block` values and, when block < padded, one of the last `block`.
void mr_rotate(
    int level, float *values, size_t padded, size_t block, const uint32_t *signs, size_t rounds);

/// Codes of `count` rotated vectors of `padded` floats: bit i of a code is set where value i is
/// positive. `factors` takes two floats a vector: scale and spread (see BinaryCodes.swift).
void mr_encode(
    int level, const float *rotated, size_t count, size_t padded, uint64_t *codes, float *factors);

/// scores[r] = (4 * sum_k 2^k popcount(code[r] & planes[k]) - 30 * popcount(code[r]) + constant)
///             * factors[2 r] * step
void mr_scan(
    int level, const uint64_t *codes, const float *factors, size_t count, size_t words,
    const uint64_t *planes, int32_t constant, float step, float *scores);
