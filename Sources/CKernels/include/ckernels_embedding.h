#ifndef CKERNELS_EMBEDDING_H
#define CKERNELS_EMBEDDING_H

#include <stddef.h>
#include <stdint.h>

// Kernels of the embedding models. Matrices are row-major fp32. Every sum runs in an order that
// depends on the row's length only, so a row's result never depends on the rows beside it.

#ifdef __cplusplus
extern "C" {
#endif

/// out[0..dimensions) = the sum of the table's rows `ids[0..count)`, added in that order.
///
/// The caller has checked that each id names a row. Same bits on every machine.
void ckernels_sum_rows(
    const float *table, size_t dimensions, const int32_t *ids, size_t count, float *out);

/// Divides `vector` by (its Euclidean length + `epsilon`). Same bits on every machine.
void ckernels_scale_to_unit(float *vector, size_t count, float epsilon);

/// Every kernel below wants `width` to be a multiple of this.
enum { CKERNELS_LANES = 16 };

/// out[row] = words[ids[row]] + positions[row], rows of `width`.
void ckernels_add_positions(
    const float *words, const float *positions, const int32_t *ids, size_t rows, size_t width,
    float *out);

/// x[row] = layer norm of (x[row] + bias + residual[row]); `bias` and `residual` may be NULL.
///
/// Ba, Kiros, Hinton: Layer Normalization, 2016; mean and variance in two passes.
void ckernels_layer_norm(
    float *x, const float *bias, const float *residual, size_t rows, size_t width,
    const float *gain, const float *shift, float epsilon);

/// x[row] += bias.
void ckernels_add_bias(float *x, const float *bias, size_t rows, size_t width);

/// x[row] = GELU(x[row] + bias), GELU(v) = v * (1 + erf(v / sqrt 2)) / 2; erf within 2e-7.
void ckernels_bias_gelu(float *x, const float *bias, size_t rows, size_t width);

/// Softmax over the first `count` values of each row; rows are `width` apart, `count` <= `width`.
///
/// The values from `count` up to `width` are overwritten.
void ckernels_softmax(float *x, size_t rows, size_t count, size_t width);

/// out = the mean of the rows.
void ckernels_mean_rows(const float *x, size_t rows, size_t width, float *out);

#ifdef __cplusplus
}
#endif

#endif
