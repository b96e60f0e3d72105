#include "product.h"

// A tile of rows x panels of results stays in registers while the inputs pass by. The tiles differ
// by instruction set, the order of each sum does not.

INLINED void tile_f32(
    const ckernels_product_t *p, const converted_t *converted, const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
    const float *x = (const float *)converted->values + (first_row - converted->first) * p->x_stride;
    const float *packed = (const float *)p->packed + column * p->inputs;
    lanes_t sums[MOST_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) sums[row][panel] = (lanes_t){};
    }
    const size_t inputs = p->inputs;
    const size_t x_stride = p->x_stride;
#pragma clang loop unroll(disable)
    for (size_t input = 0; input < inputs; input++) {
        lanes_t weights[2];
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            weights[panel] = load(packed + (panel * inputs + input) * CKERNELS_LANES);
        }
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            const float value = x[row * x_stride + input];
#pragma clang loop unroll(full)
            for (size_t panel = 0; panel < panels; panel++) {
                sums[row][panel] += value * weights[panel];
            }
        }
    }
    store_sums(p, sums, rows, panels, first_row, column);
    apply_gelu(p, rows, panels, first_row, column);
}

INLINED converted_t as_they_are(const ckernels_product_t *p, size_t first, size_t end) {
    (void)end;
    return (converted_t){.first = first, .values = p->x + first * p->x_stride};
}

#if defined(__x86_64__)
// Tile sizes fill the registers: 32 of 16 lanes, 16 of 8 lanes, 16 of 4 lanes.
PRODUCT(product_v4, __attribute__((target("arch=x86-64-v4"))), 14, 2, tile_f32, as_they_are)
PRODUCT(product_v3, __attribute__((target("arch=x86-64-v3"))), 6, 1, tile_f32, as_they_are)
PRODUCT(product_baseline, , 2, 1, tile_f32, as_they_are)

static product_t chosen(void) {
    if (__builtin_cpu_supports("x86-64-v4")) return product_v4;
    if (__builtin_cpu_supports("x86-64-v3")) return product_v3;
    return product_baseline;
}

int ckernels_product_fuses(void) { return __builtin_cpu_supports("x86-64-v3") != 0; }
#else
PRODUCT(product_baseline, , 6, 1, tile_f32, as_they_are)

static product_t chosen(void) { return product_baseline; }

int ckernels_product_fuses(void) { return 1; }
#endif

// The columns of 16 rows of 16 values, in place: four rounds of exchanges between rows that are 8, 4,
// 2 and 1 apart.
INLINED void transpose(lanes_t rows[CKERNELS_LANES]) {
#pragma clang loop unroll(full)
    for (int row = 0; row < 8; row++) {
        const lanes_t a = rows[row], b = rows[row + 8];
        rows[row] = __builtin_shufflevector(
            a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        rows[row + 8] = __builtin_shufflevector(
            a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    }
#pragma clang loop unroll(full)
    for (int place = 0; place < 8; place++) {
        const int row = place / 4 * 8 + place % 4;
        const lanes_t a = rows[row], b = rows[row + 4];
        rows[row] = __builtin_shufflevector(
            a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
        rows[row + 4] = __builtin_shufflevector(
            a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    }
#pragma clang loop unroll(full)
    for (int place = 0; place < 8; place++) {
        const int row = place / 2 * 4 + place % 2;
        const lanes_t a = rows[row], b = rows[row + 2];
        rows[row] = __builtin_shufflevector(
            a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
        rows[row + 2] = __builtin_shufflevector(
            a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < CKERNELS_LANES; row += 2) {
        const lanes_t a = rows[row], b = rows[row + 1];
        rows[row] = __builtin_shufflevector(
            a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
        rows[row + 1] = __builtin_shufflevector(
            a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
    }
}

CLONED
void ckernels_pack(
    const float *weight, size_t stride, size_t outputs, size_t inputs, float *packed) {
    for (size_t column = 0; column < outputs; column += CKERNELS_LANES) {
        const size_t left = outputs - column;
        const size_t present = left < CKERNELS_LANES ? left : CKERNELS_LANES;
        const float *rows = weight + column * stride;
        size_t input = 0;
        for (; input + CKERNELS_LANES <= inputs; input += CKERNELS_LANES) {
            lanes_t block[CKERNELS_LANES];
#pragma clang loop unroll(full)
            for (size_t lane = 0; lane < CKERNELS_LANES; lane++) {
                block[lane] = lane < present ? load(rows + lane * stride + input) : (lanes_t){};
            }
            transpose(block);
#pragma clang loop unroll(full)
            for (size_t lane = 0; lane < CKERNELS_LANES; lane++) {
                store(packed + (input + lane) * CKERNELS_LANES, block[lane]);
            }
        }
        for (; input < inputs; input++) {
            for (size_t lane = 0; lane < CKERNELS_LANES; lane++) {
                packed[input * CKERNELS_LANES + lane] =
                    lane < present ? rows[lane * stride + input] : 0;
            }
        }
        packed += inputs * CKERNELS_LANES;
    }
}

void ckernels_pack_transposed(
    const float *weight, size_t stride, size_t outputs, size_t inputs, float *packed) {
    for (size_t column = 0; column < outputs; column += CKERNELS_LANES) {
        for (size_t input = 0; input < inputs; input++) {
            memcpy(packed, weight + input * stride + column, CKERNELS_LANES * sizeof(float));
            packed += CKERNELS_LANES;
        }
    }
}

void ckernels_product(const ckernels_product_t *p) { chosen()(p); }

size_t ckernels_scratch_bytes(size_t inputs) {
    const size_t rows = rows_of_block(inputs, MOST_TILE_ROWS) + MOST_TILE_ROWS;
    return rows * inputs * sizeof(float) + 2 * (MOST_BLOCK_ROWS + MOST_TILE_ROWS) * sizeof(float);
}
