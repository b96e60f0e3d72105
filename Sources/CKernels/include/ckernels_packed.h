#pragma once
#include <stddef.h>
#include <stdint.h>

// Rotated vectors of ten bits a coordinate: its sign in a code, as mr_encode makes it, and nine bits of magnitude
// in a row. Coordinate i is (2 m_i + 1) * step, negative where bit i of the code is not set.
//
// A row of D coordinates (a multiple of 64): D bytes, the upper eight bits of each m_i; D / 8 bytes, the lowest bit
// of each, bit i mod 8 of byte i / 8; two bytes, the step as bfloat16. Ranking is exact in integers, so that it has
// the same bits at every level.

/// The bytes of a row.
size_t mr_packed_row_bytes(size_t padded);

/// Packs a rotated vector; one of zeros, or too small for a step, becomes zeros.
void mr_pack(int level, const float *rotated, size_t padded, uint64_t *code, uint8_t *row);

/// The coordinates that a packed vector stands for.
void mr_unpack(const uint64_t *code, const uint8_t *row, size_t padded, float *rotated);

/// Undoes mr_rotate, with its arguments, up to rounding.
void mr_rotate_back(
    float *values, size_t padded, size_t block, const uint32_t *signs, size_t rounds);

/// Packed vectors, side by side.
typedef struct {
    const uint64_t *codes;
    const uint8_t *rows;
    size_t padded;
} mr_packed;

/// scores[i] = the inner product of `query` * `step` with vector rows[i]: the sum in integers, rounded, times the
/// vector's step, times `step`. No value of `query` is below -32767.
void mr_rank_packed(
    int level, const mr_packed *vectors, const int16_t *query, float step, const uint32_t *rows,
    size_t count, float *scores);
