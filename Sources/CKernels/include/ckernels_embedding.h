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

/// out[row] = words[ids[row]] + positions[row], rows of `width`; those of `positions` are `stride` apart, at 0 one
/// is added to all.
void ckernels_add_positions(
    const float *words, const float *positions, size_t stride, const int32_t *ids, size_t rows,
    size_t width, float *out);

/// x[row] += residual[row], which may be NULL; out[row] = layer norm of that x[row].
///
/// `out` may be `x`, which then holds no sums, or `residual`.
/// Ba, Kiros, Hinton: Layer Normalization, 2016; mean and variance in two passes.
void ckernels_layer_norm(
    float *x, const float *residual, size_t rows, size_t width, const float *gain,
    const float *shift, float epsilon, float *out);

/// The rotations of `positions` tokens: of each `pairs` cosines and sines, of the angles position *
/// base^(-pair / pairs). Same bits on every machine.
///
/// `base` is at least 1, `positions` at most 2^20.
/// Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, 2021.
void ckernels_rotations(
    double base, size_t pairs, size_t positions, float *cosines, float *sines);

/// Turns the first 2 * `pairs` values of each head of each row by the row's rotation: value i with value
/// `pairs` + i, or value 2 i with 2 i + 1 where `interleaved` is set. Same bits on every machine.
///
/// Rows are `stride` apart, heads `width`; the first row has the first rotation.
void ckernels_rotate(
    float *x, size_t rows, size_t stride, size_t heads, size_t width, size_t pairs,
    int interleaved, const float *cosines, const float *sines);

/// Leaves of each row's first `count` values those within `reach` of the place `first` + row; softmax gives the
/// others nothing. Rows are `width` apart.
void ckernels_mask_distant(
    float *x, size_t rows, size_t count, size_t width, size_t first, size_t reach);

typedef enum {
    CKERNELS_GELU = 0,
    /// v / (1 + e^-v)
    CKERNELS_SILU = 1,
} ckernels_activation_t;

/// out[row] = activation of the first half of x[row], times its second half: both have `width` values.
///
/// Rows of x are end to end, those of `out` `stride` apart. `out` may be `x` where stride <= 2 * `width`.
/// Shazeer: GLU Variants Improve Transformer, 2020.
void ckernels_gate(
    const float *x, size_t rows, size_t width, ckernels_activation_t activation, float *out,
    size_t stride);

/// Softmax of `scale` times the first `count` values of each row; rows are `width` apart,
/// `count` <= `width`, `scale` > 0.
///
/// The values from `count` up to `width` are overwritten.
void ckernels_softmax(float *x, size_t rows, size_t count, size_t width, float scale);

/// The fewest rows a product runs over; its callers pad to this.
enum { CKERNELS_PRODUCT_ROWS = 16 };

/// Whether products fuse multiply and add, which decides the last bits of their results.
int ckernels_product_fuses(void);

/// Lays out a weight matrix (outputs x inputs, rows `stride` apart) for ckernels_product: panels of
/// CKERNELS_LANES outputs, each with its values input by input; missing outputs of the last are 0.
///
/// `packed` has room for the outputs, rounded up to lanes, times the inputs.
void ckernels_pack(
    const float *weight, size_t stride, size_t outputs, size_t inputs, float *packed);

/// The same from the transposed matrix (inputs x outputs); outputs is a multiple of the lanes.
void ckernels_pack_transposed(
    const float *weight, size_t stride, size_t outputs, size_t inputs, float *packed);

/// out = x * weight^T + bias, and GELU of that if wanted.
///
/// GELU(v) = v * (1 + erf(v / sqrt 2)) / 2, erf within 2e-7.
typedef struct {
    /// Rows of `inputs`, `x_stride` apart.
    const float *x;
    size_t x_stride;
    /// From the pack function of the product's number format.
    const void *packed;
    /// int8 only, from ckernels_pack_int8: one value an output.
    const float *scales;
    const int32_t *sums;
    /// One value an output; NULL for none.
    const float *bias;
    /// At least CKERNELS_PRODUCT_ROWS.
    size_t rows;
    size_t inputs;
    /// A multiple of CKERNELS_LANES.
    size_t outputs;
    int gelu;
    /// Rows of `outputs`, `out_stride` apart; no part of x.
    float *out;
    size_t out_stride;
    /// bf16 and int8 only: ckernels_scratch_bytes of the inputs, on a boundary of 64.
    void *scratch;
} ckernels_product_t;

/// Each value is one chain of sums over the inputs in ascending order: it depends on its own row
/// only, and has the same bits on all machines that fuse.
void ckernels_product(const ckernels_product_t *product);

/// What computes a product of bf16 or int8: of one number format, all give the same bits.
typedef enum {
    CKERNELS_NONE = -1,
    CKERNELS_PORTABLE = 0,
    CKERNELS_V3 = 1,      // AVX2 and FMA
    CKERNELS_V4 = 2,      // AVX-512
    CKERNELS_DOT_256 = 3, // AVX-VNNI
    CKERNELS_DOT_512 = 4, // AVX512-BF16, AVX512-VNNI
} ckernels_kernel_t;

/// Room for the converted rows of a product of so many inputs.
size_t ckernels_scratch_bytes(size_t inputs);

/// Whether this processor and this program have `kernel` for products of bf16.
int ckernels_bf16_runs(ckernels_kernel_t kernel);

/// The fastest of those; CKERNELS_NONE where fused arithmetic is missing.
ckernels_kernel_t ckernels_bf16_best(void);

/// As ckernels_pack, to pairs of bfloat16, each rounded to the nearest, ties to even: a word holds
/// one output's weights of an even input and of the odd one behind it, in its low and high half.
///
/// `outputs` and `inputs` are multiples of the lanes; `packed` has room for half their product.
void ckernels_pack_bf16(
    const float *weight, size_t stride, size_t outputs, size_t inputs, uint32_t *packed);

/// x, rounded to bfloat16, times the weights; of each pair of inputs the odd one is added first. Sums
/// are fused and in fp32; denormals are taken and given as zero.
///
/// A value depends on its own row only; all kernels give the same bits.
void ckernels_product_bf16(ckernels_kernel_t kernel, const ckernels_product_t *product);

/// As ckernels_bf16_runs and ckernels_bf16_best; the portable kernel runs everywhere.
int ckernels_int8_runs(ckernels_kernel_t kernel);
ckernels_kernel_t ckernels_int8_best(void);

/// As ckernels_pack, to steps of -127...127 of a size of its own for each output: `scales`; `sums`
/// are those of each output's steps. Groups of four inputs lie side by side.
///
/// `outputs` and `inputs` are multiples of the lanes; `packed` has room for their product, which
/// wants at most 65,536 inputs: a sum of more may not fit 32 bits.
void ckernels_pack_int8(
    const float *weight, size_t stride, size_t outputs, size_t inputs, int8_t *packed,
    float *scales, int32_t *sums);

/// x, each row rounded to 256 steps from its lowest value to its highest, times the weights; sums are
/// exact.
///
/// A value depends on its own row only; all kernels give the same bits, and so do all machines without
/// GELU, and with it all that fuse (ckernels_product_fuses).
void ckernels_product_int8(ckernels_kernel_t kernel, const ckernels_product_t *product);

/// out = the mean of the rows.
void ckernels_mean_rows(const float *x, size_t rows, size_t width, float *out);

/// out[column] = the greatest of out[column] and the rows' values there. Same bits on every machine.
void ckernels_raise_to_rows(const float *x, size_t rows, size_t width, float *out);

/// Writes the indices of the values above `least`, ascending; returns how many there are.
///
/// `indices` has room for `count`; those behind the last are overwritten.
size_t ckernels_indices_above(const float *values, size_t count, float least, int32_t *indices);

#ifdef __cplusplus
}
#endif

#endif
