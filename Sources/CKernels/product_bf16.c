#include "product.h"

// Products of bfloat16 values, summed as the instruction vdpbf16ps sums: of each pair of inputs the
// odd one is added first, then the even one, each by a fused multiply-add in fp32 that takes and
// gives denormals as zero. Plain fused arithmetic on the same values has the same bits, and on some
// processors is the faster of the two.

typedef uint32_t words_t __attribute__((vector_size(4 * CKERNELS_LANES)));

INLINED words_t load_words(const uint32_t *from) {
    words_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

// To the nearest bfloat16, ties to even, in the upper half; denormals become zero, as vcvtneps2bf16
// has it.
INLINED words_t rounded(lanes_t x) {
    const words_t bits = (words_t)x;
    const words_t magnitude = bits & 0x7fffffffu;
    const words_t nearest = bits + 0x7fffu + ((bits >> 16) & 1u);
    const words_t is_nan = (words_t)(magnitude > 0x7f800000u);
    const words_t is_denormal = (words_t)(magnitude < 0x00800000u);
    words_t result = (is_nan & (bits | 0x00400000u)) | (~is_nan & nearest);
    result = (is_denormal & (bits & 0x80000000u)) | (~is_denormal & result);
    return result & 0xffff0000u;
}

void ckernels_pack_bf16(
    const float *weight, size_t stride, size_t outputs, size_t inputs, uint32_t *packed) {
    for (size_t column = 0; column < outputs; column += CKERNELS_LANES) {
        for (size_t input = 0; input < inputs; input += 2) {
            lanes_t even, odd;
            for (size_t lane = 0; lane < CKERNELS_LANES; lane++) {
                const float *values = weight + (column + lane) * stride + input;
                even[lane] = values[0];
                odd[lane] = values[1];
            }
            const words_t pair = (rounded(even) >> 16) | rounded(odd);
            memcpy(packed, &pair, sizeof pair);
            packed += CKERNELS_LANES;
        }
    }
}

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdatomic.h>

#define V3 __attribute__((target("arch=x86-64-v3")))
#define V4 __attribute__((target("arch=x86-64-v4")))
#define V4_BF16 __attribute__((target("arch=x86-64-v4,avx512bf16")))

// Called, so that nothing moves past the change of the processor's mode around them.
#define APART __attribute__((noinline))

// The rows as fp32 values that are bfloat16 ones.
INLINED converted_t as_rounded_floats(const ckernels_product_t *p, size_t first, size_t end) {
    float *values = p->scratch;
    for (size_t row = first; row < end; row++) {
        const float *x = p->x + row * p->x_stride;
        float *to = values + (row - first) * p->inputs;
        for (size_t input = 0; input < p->inputs; input += CKERNELS_LANES) {
            store(to + input, (lanes_t)rounded(load(x + input)));
        }
    }
    return (converted_t){.first = first, .values = values};
}

INLINED void tile_fused(
    const ckernels_product_t *p, const converted_t *converted, const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
    const size_t inputs = p->inputs;
    const float *x = (const float *)converted->values + (first_row - converted->first) * inputs;
    const uint32_t *packed = (const uint32_t *)p->packed + column * (inputs / 2);
    lanes_t sums[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) sums[row][panel] = (lanes_t){};
    }
#pragma clang loop unroll(disable)
    for (size_t input = 0; input < inputs; input += 2) {
#pragma clang loop unroll(full)
        for (size_t half = 0; half < 2; half++) {
            lanes_t weights[2];
#pragma clang loop unroll(full)
            for (size_t panel = 0; panel < panels; panel++) {
                const words_t pair =
                    load_words(packed + (panel * inputs + input) / 2 * CKERNELS_LANES);
                weights[panel] = (lanes_t)(half == 0 ? pair & 0xffff0000u : pair << 16);
            }
#pragma clang loop unroll(full)
            for (size_t row = 0; row < rows; row++) {
                const float value = x[row * inputs + input + 1 - half];
#pragma clang loop unroll(full)
                for (size_t panel = 0; panel < panels; panel++) {
                    sums[row][panel] += value * weights[panel];
                }
            }
        }
    }
    store_sums(p, sums, rows, panels, first_row, column);
    apply_gelu(p, rows, panels, first_row, column);
}

PRODUCT(product_v3, V3 APART, 6, 1, tile_fused, as_rounded_floats)
PRODUCT(product_v4, V4 APART, 14, 2, tile_fused, as_rounded_floats)

// The rows as pairs of bfloat16 values.
INLINED converted_t as_pairs(const ckernels_product_t *p, size_t first, size_t end) {
    uint16_t *values = p->scratch;
    typedef uint16_t halves_t __attribute__((vector_size(2 * CKERNELS_LANES)));
    for (size_t row = first; row < end; row++) {
        const float *x = p->x + row * p->x_stride;
        uint16_t *to = values + (row - first) * p->inputs;
        for (size_t input = 0; input < p->inputs; input += CKERNELS_LANES) {
            const halves_t halves =
                __builtin_convertvector(rounded(load(x + input)) >> 16, halves_t);
            memcpy(to + input, &halves, sizeof halves);
        }
    }
    return (converted_t){.first = first, .values = values};
}

V4_BF16 INLINED void tile_pairs(
    const ckernels_product_t *p, const converted_t *converted, const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
    const size_t pairs = p->inputs / 2;
    const uint32_t *x = (const uint32_t *)converted->values + (first_row - converted->first) * pairs;
    const uint32_t *packed = (const uint32_t *)p->packed + column * pairs;
    __m512 accumulated[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            accumulated[row][panel] = _mm512_setzero_ps();
        }
    }
#pragma clang loop unroll(disable)
    for (size_t pair = 0; pair < pairs; pair++) {
        __m512bh weights[2];
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            const uint32_t *from = packed + (panel * pairs + pair) * CKERNELS_LANES;
            weights[panel] = (__m512bh)_mm512_loadu_si512(from);
        }
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            const __m512bh value = (__m512bh)_mm512_set1_epi32((int)x[row * pairs + pair]);
#pragma clang loop unroll(full)
            for (size_t panel = 0; panel < panels; panel++) {
                accumulated[row][panel] =
                    _mm512_dpbf16_ps(accumulated[row][panel], value, weights[panel]);
            }
        }
    }
    lanes_t sums[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            sums[row][panel] = (lanes_t)accumulated[row][panel];
        }
    }
    store_sums(p, sums, rows, panels, first_row, column);
    apply_gelu(p, rows, panels, first_row, column);
}

PRODUCT(product_dot_512, V4_BF16 APART, 14, 2, tile_pairs, as_pairs)

void ckernels_product_bf16(ckernels_kernel_t kernel, const ckernels_product_t *p) {
    // Denormals as zero, in and out: what vdpbf16ps does whatever the processor is set to.
    const unsigned saved = _mm_getcsr();
    _mm_setcsr(saved | _MM_FLUSH_ZERO_ON | _MM_DENORMALS_ZERO_ON);
    switch (kernel) {
    case CKERNELS_DOT_512: product_dot_512(p); break;
    case CKERNELS_V4: product_v4(p); break;
    default: product_v3(p); break;
    }
    _mm_setcsr(saved);
}
// Whether this processor's vdpbf16ps sums as stated above: vendors' manuals agree, and a vector of one
// that does not would be taken for one of the others.
static int sums_as_stated(void) {
    enum { ROWS = CKERNELS_PRODUCT_ROWS, INPUTS = 64 };
    // 0: not known.
    static _Atomic int known;
    const int before = atomic_load_explicit(&known, memory_order_relaxed);
    if (before != 0) return before == 1;
    float x[ROWS * INPUTS], weights[CKERNELS_LANES * INPUTS], out[2][ROWS * CKERNELS_LANES];
    uint32_t packed[CKERNELS_LANES * INPUTS / 2], scratch[ROWS * INPUTS];
    // Values of many sizes and both signs, some of whose products are no normal numbers.
    uint32_t state = 1;
    for (size_t place = 0; place < ROWS * INPUTS; place++) {
        state = state * 1664525u + 1013904223u;
        const uint32_t exponent = (place % 128 < 64 ? 120 : 56) + (state >> 24) % 14;
        const uint32_t bits = (state & 0x807fffffu) | exponent << 23;
        memcpy(x + place, &bits, sizeof bits);
        weights[ROWS * INPUTS - 1 - place] = x[place];
    }
    ckernels_pack_bf16(weights, INPUTS, CKERNELS_LANES, INPUTS, packed);
    ckernels_product_t product = {
        .x = x, .x_stride = INPUTS, .packed = packed, .rows = ROWS, .inputs = INPUTS,
        .outputs = CKERNELS_LANES, .out_stride = CKERNELS_LANES, .scratch = scratch};
    product.out = out[0];
    ckernels_product_bf16(CKERNELS_V4, &product);
    product.out = out[1];
    ckernels_product_bf16(CKERNELS_DOT_512, &product);
    const int is_equal = memcmp(out[0], out[1], sizeof out[0]) == 0;
    atomic_store_explicit(&known, is_equal ? 1 : 2, memory_order_relaxed);
    return is_equal;
}

int ckernels_bf16_runs(ckernels_kernel_t kernel) {
    switch (kernel) {
    case CKERNELS_V3: return __builtin_cpu_supports("x86-64-v3") != 0;
    case CKERNELS_V4: return __builtin_cpu_supports("x86-64-v4") != 0;
    case CKERNELS_DOT_512:
        return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16")
               && sums_as_stated();
    default: return 0;
    }
}

ckernels_kernel_t ckernels_bf16_best(void) {
    // Intel's cores give a vdpbf16ps every other cycle and two fused multiply-adds in each (1.4 and
    // 4.9 in a nanosecond on Sapphire Rapids); AMD's give as many of the one as of the other.
    const int prefers_fused = __builtin_cpu_is("intel");
    if (!prefers_fused && ckernels_bf16_runs(CKERNELS_DOT_512)) return CKERNELS_DOT_512;
    if (ckernels_bf16_runs(CKERNELS_V4)) return CKERNELS_V4;
    return ckernels_bf16_runs(CKERNELS_V3) ? CKERNELS_V3 : CKERNELS_NONE;
}
#else
int ckernels_bf16_runs(ckernels_kernel_t kernel) {
    (void)kernel;
    return 0;
}

ckernels_kernel_t ckernels_bf16_best(void) { return CKERNELS_NONE; }

void ckernels_product_bf16(ckernels_kernel_t kernel, const ckernels_product_t *p) {
    (void)kernel;
    (void)p;
    __builtin_trap();
}
#endif
