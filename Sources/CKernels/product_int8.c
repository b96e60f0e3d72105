#include "product.h"

// Products of 8-bit integers: each row of x is 256 steps from its lowest value to its highest, each
// output's weights 255 steps around zero. Sums are integers and exact, so every order of them, and
// every kernel, gives the same bits.

// What becomes of the sums is rounded twice everywhere, with and without FMA.
#pragma STDC FP_CONTRACT OFF

typedef uint32_t words_t __attribute__((vector_size(4 * CKERNELS_LANES)));
typedef uint8_t octets_t __attribute__((vector_size(CKERNELS_LANES)));

// Added to a value below 2^22, it leaves the nearest integer in the low bits of the mantissa.
static const float rounder = 12582912.0f;

enum { GROUP = 4 };

void ckernels_pack_int8(
    const float *weight, size_t stride, size_t outputs, size_t inputs, int8_t *packed,
    float *scales, int32_t *sums) {
    for (size_t output = 0; output < outputs; output++) {
        const float *values = weight + output * stride;
        float highest = 0, stray = 0;
        for (size_t input = 0; input < inputs; input++) {
            const float magnitude = __builtin_fabsf(values[input]);
            if (magnitude > highest) highest = magnitude;
            // 0, but not for infinity and what is no number: those come out as no number.
            stray += values[input] * 0.0f;
        }
        const float step = highest / 127.0f;
        const float inverse = step > 0 ? 1.0f / step : 0;
        scales[output] = step + stray;
        sums[output] = 0;
        int8_t *panel = packed + output / CKERNELS_LANES * CKERNELS_LANES * inputs;
        for (size_t input = 0; input < inputs; input++) {
            const float steps = (values[input] * inverse + rounder);
            int32_t bits;
            memcpy(&bits, &steps, sizeof bits);
            const int8_t value = (int8_t)(uint8_t)bits;
            const size_t group = input / GROUP * CKERNELS_LANES + output % CKERNELS_LANES;
            panel[group * GROUP + input % GROUP] = value;
            sums[output] += value;
        }
    }
}

INLINED void convert_row(const float *x, size_t inputs, uint8_t *to, float *step, float *low) {
    lanes_t lowest = load(x), highest = lowest, stray = {};
    for (size_t input = 0; input < inputs; input += CKERNELS_LANES) {
        const lanes_t value = load(x + input);
        lowest = choose(value < lowest, value, lowest);
        highest = choose(value > highest, value, highest);
        stray += value * 0.0f;
    }
    float least = lowest[0], most = highest[0], no_number = 0;
    for (int lane = 0; lane < CKERNELS_LANES; lane++) {
        if (lowest[lane] < least) least = lowest[lane];
        if (highest[lane] > most) most = highest[lane];
        no_number += stray[lane];
    }
    const float range = most - least;
    const float inverse = range > 0 ? 255.0f / range : 0;
    *step = range / 255.0f;
    *low = least + no_number;
    for (size_t input = 0; input < inputs; input += CKERNELS_LANES) {
        const words_t bits = (words_t)((load(x + input) - least) * inverse + rounder);
        const octets_t steps = __builtin_convertvector(bits, octets_t);
        memcpy(to + input, &steps, sizeof steps);
    }
}

INLINED converted_t as_steps(const ckernels_product_t *p, size_t first, size_t end) {
    float *steps = p->scratch;
    float *lows = steps + MOST_BLOCK_ROWS + MOST_TILE_ROWS;
    uint8_t *values = (uint8_t *)(lows + MOST_BLOCK_ROWS + MOST_TILE_ROWS);
    for (size_t row = first; row < end; row++) {
        const size_t place = row - first;
        convert_row(
            p->x + row * p->x_stride, p->inputs, values + place * p->inputs, steps + place,
            lows + place);
    }
    return (converted_t){.first = first, .values = values, .steps = steps, .lows = lows};
}

/// What the integer sums of a tile are worth.
INLINED void store_integers(
    const ckernels_product_t *p, const converted_t *x, integers_t integers[MOST_TILE_ROWS][2],
    const size_t rows, const size_t panels, size_t first_row, size_t column) {
    lanes_t sums[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
        const float step = x->steps[first_row - x->first + row];
        const float low = x->lows[first_row - x->first + row];
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            const size_t place = column + panel * CKERNELS_LANES;
            integers_t of_weights;
            memcpy(&of_weights, p->sums + place, sizeof of_weights);
            sums[row][panel] =
                (__builtin_convertvector(integers[row][panel], lanes_t) * step
                 + __builtin_convertvector(of_weights, lanes_t) * low)
                * load(p->scales + place);
        }
    }
    store_sums(p, sums, rows, panels, first_row, column);
    apply_gelu(p, rows, panels, first_row, column);
}

INLINED void tile_plain(
    const ckernels_product_t *p, const converted_t *converted, const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
    const size_t inputs = p->inputs;
    const uint8_t *x = (const uint8_t *)converted->values + (first_row - converted->first) * inputs;
    const int8_t *packed = (const int8_t *)p->packed + column * inputs;
    integers_t sums[MOST_TILE_ROWS][2] = {};
#pragma clang loop unroll(disable)
    for (size_t input = 0; input < inputs; input += GROUP) {
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            integers_t groups;
            memcpy(
                &groups, packed + (panel * inputs + input) * CKERNELS_LANES, sizeof groups);
#pragma clang loop unroll(full)
            for (int place = 0; place < GROUP; place++) {
                const integers_t weights =
                    (integers_t)((words_t)groups << (24 - 8 * place)) >> 24;
#pragma clang loop unroll(full)
                for (size_t row = 0; row < rows; row++) {
                    sums[row][panel] += weights * (int32_t)x[row * inputs + input + place];
                }
            }
        }
    }
    store_integers(p, converted, sums, rows, panels, first_row, column);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define V3 __attribute__((target("arch=x86-64-v3")))
#define V3_VNNI __attribute__((target("arch=x86-64-v3,avxvnni")))
#define V4_VNNI __attribute__((target("arch=x86-64-v4,avx512vnni")))

// Cloned for its GELU, whose last bits tell fused arithmetic from other: as in the other kernels, it
// is fused where the processor can.
PRODUCT(product_portable, CLONED, 2, 1, tile_plain, as_steps)

// Pairs of 16-bit values: the instruction that adds pairs of 8-bit products saturates.
V3 INLINED void tile_words(
    const ckernels_product_t *p, const converted_t *converted, const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
    const size_t inputs = p->inputs;
    const uint8_t *x = (const uint8_t *)converted->values + (first_row - converted->first) * inputs;
    const int8_t *packed = (const int8_t *)p->packed + column * inputs;
    __m256i sums[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) sums[row][0] = sums[row][1] = _mm256_setzero_si256();
#pragma clang loop unroll(disable)
    for (size_t input = 0; input < inputs; input += GROUP) {
        __m256i even[2], odd[2];
#pragma clang loop unroll(full)
        for (size_t half = 0; half < 2; half++) {
            const __m256i group = _mm256_loadu_si256(
                (const __m256i *)(packed + input * CKERNELS_LANES + half * sizeof(__m256i)));
            even[half] = _mm256_srai_epi16(_mm256_slli_epi16(group, 8), 8);
            odd[half] = _mm256_srai_epi16(group, 8);
        }
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            uint32_t group;
            memcpy(&group, x + row * inputs + input, sizeof group);
            const __m256i first = _mm256_set1_epi32((int)(group & 0x00ff00ffu));
            const __m256i second = _mm256_set1_epi32((int)(group >> 8 & 0x00ff00ffu));
#pragma clang loop unroll(full)
            for (size_t half = 0; half < 2; half++) {
                const __m256i products = _mm256_add_epi32(
                    _mm256_madd_epi16(even[half], first), _mm256_madd_epi16(odd[half], second));
                sums[row][half] = _mm256_add_epi32(sums[row][half], products);
            }
        }
    }
    integers_t integers[MOST_TILE_ROWS][2];
    for (size_t row = 0; row < rows; row++) memcpy(&integers[row][0], sums[row], sizeof integers[row][0]);
    store_integers(p, converted, integers, rows, panels, first_row, column);
}

PRODUCT(product_v3, V3, 4, 1, tile_words, as_steps)

V3_VNNI INLINED void tile_dot_256(
    const ckernels_product_t *p, const converted_t *converted, const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
    const size_t inputs = p->inputs;
    const uint8_t *x = (const uint8_t *)converted->values + (first_row - converted->first) * inputs;
    const int8_t *packed = (const int8_t *)p->packed + column * inputs;
    __m256i sums[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) sums[row][0] = sums[row][1] = _mm256_setzero_si256();
#pragma clang loop unroll(disable)
    for (size_t input = 0; input < inputs; input += GROUP) {
        const __m256i *weights = (const __m256i *)(packed + input * CKERNELS_LANES);
        const __m256i lower = _mm256_loadu_si256(weights);
        const __m256i upper = _mm256_loadu_si256(weights + 1);
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            int group;
            memcpy(&group, x + row * inputs + input, sizeof group);
            const __m256i value = _mm256_set1_epi32(group);
            sums[row][0] = _mm256_dpbusd_avx_epi32(sums[row][0], value, lower);
            sums[row][1] = _mm256_dpbusd_avx_epi32(sums[row][1], value, upper);
        }
    }
    integers_t integers[MOST_TILE_ROWS][2];
    for (size_t row = 0; row < rows; row++) memcpy(&integers[row][0], sums[row], sizeof integers[row][0]);
    store_integers(p, converted, integers, rows, panels, first_row, column);
}

PRODUCT(product_dot_256, V3_VNNI, 6, 1, tile_dot_256, as_steps)

V4_VNNI INLINED void tile_dot_512(
    const ckernels_product_t *p, const converted_t *converted, const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
    const size_t inputs = p->inputs;
    const uint8_t *x = (const uint8_t *)converted->values + (first_row - converted->first) * inputs;
    const int8_t *packed = (const int8_t *)p->packed + column * inputs;
    __m512i sums[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) sums[row][0] = sums[row][1] = _mm512_setzero_si512();
#pragma clang loop unroll(disable)
    for (size_t input = 0; input < inputs; input += GROUP) {
        __m512i weights[2];
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            weights[panel] =
                _mm512_loadu_si512(packed + (panel * inputs + input) * CKERNELS_LANES);
        }
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            int group;
            memcpy(&group, x + row * inputs + input, sizeof group);
            const __m512i value = _mm512_set1_epi32(group);
#pragma clang loop unroll(full)
            for (size_t panel = 0; panel < panels; panel++) {
                sums[row][panel] = _mm512_dpbusd_epi32(sums[row][panel], value, weights[panel]);
            }
        }
    }
    integers_t integers[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            integers[row][panel] = (integers_t)sums[row][panel];
        }
    }
    store_integers(p, converted, integers, rows, panels, first_row, column);
}

PRODUCT(product_dot_512, V4_VNNI, 14, 2, tile_dot_512, as_steps)

int ckernels_int8_runs(ckernels_kernel_t kernel) {
    switch (kernel) {
    case CKERNELS_PORTABLE: return 1;
    case CKERNELS_V3: return __builtin_cpu_supports("x86-64-v3") != 0;
    case CKERNELS_DOT_256:
        return __builtin_cpu_supports("x86-64-v3") && __builtin_cpu_supports("avxvnni");
    case CKERNELS_DOT_512:
        return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vnni");
    default: return 0;
    }
}

static product_t product_of(ckernels_kernel_t kernel) {
    switch (kernel) {
    case CKERNELS_DOT_512: return product_dot_512;
    case CKERNELS_DOT_256: return product_dot_256;
    case CKERNELS_V3: return product_v3;
    default: return product_portable;
    }
}
#else
PRODUCT(product_portable, , 6, 1, tile_plain, as_steps)

int ckernels_int8_runs(ckernels_kernel_t kernel) { return kernel == CKERNELS_PORTABLE; }

static product_t product_of(ckernels_kernel_t kernel) {
    (void)kernel;
    return product_portable;
}
#endif

ckernels_kernel_t ckernels_int8_best(void) {
    for (int kernel = CKERNELS_DOT_512; kernel > CKERNELS_PORTABLE; kernel--) {
        if (ckernels_int8_runs((ckernels_kernel_t)kernel)) return (ckernels_kernel_t)kernel;
    }
    return CKERNELS_PORTABLE;
}

void ckernels_product_int8(ckernels_kernel_t kernel, const ckernels_product_t *p) {
    product_of(kernel)(p);
}
