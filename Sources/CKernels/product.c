#include "lanes.h"

// A tile of rows x panels of results stays in registers while the inputs pass by. The tiles differ
// by instruction set, the order of each sum does not.

typedef void (*product_t)(const ckernels_product_t *);

INLINED void tile(
    const ckernels_product_t *p, const size_t rows, const size_t panels, size_t first_row,
    size_t column) {
    const float *x = p->x + first_row * p->x_stride;
    const float *packed = p->packed + column * p->inputs;
    lanes_t sums[16][2];
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
    float *out = p->out + first_row * p->out_stride + column;
    lanes_t bias[2] = {};
    if (p->bias) {
        for (size_t panel = 0; panel < panels; panel++) {
            bias[panel] = load(p->bias + column + panel * CKERNELS_LANES);
        }
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (size_t panel = 0; panel < panels; panel++) {
            store(
                out + row * p->out_stride + panel * CKERNELS_LANES,
                sums[row][panel] + bias[panel]);
        }
    }
    if (!p->gelu) return;
    for (size_t row = 0; row < rows; row++) {
        for (size_t panel = 0; panel < panels; panel++) {
            float *values = out + row * p->out_stride + panel * CKERNELS_LANES;
            store(values, gelu(load(values)));
        }
    }
}

INLINED void product(const ckernels_product_t *p, const size_t tile_rows, const size_t panels) {
    // Rows whose inputs stay in the second-level cache while all panels pass by: half of 512 kB.
    const size_t tiles = (256 << 10) / sizeof(float) / p->inputs / tile_rows;
    const size_t block_rows = tile_rows * (tiles > 0 ? tiles : 1);
    for (size_t block = 0; block < p->rows; block += block_rows) {
        const size_t end = block + block_rows < p->rows ? block + block_rows : p->rows;
        size_t column = 0;
        while (column < p->outputs) {
            const int is_pair = panels == 2 && column + 2 * CKERNELS_LANES <= p->outputs;
            for (size_t row = block; row < end; row += tile_rows) {
                // The last tile steps back over rows that are done: the same values again.
                const size_t first = row + tile_rows <= p->rows ? row : p->rows - tile_rows;
                if (is_pair) {
                    tile(p, tile_rows, 2, first, column);
                } else {
                    tile(p, tile_rows, 1, first, column);
                }
            }
            column += (is_pair ? 2 : 1) * CKERNELS_LANES;
        }
    }
}

#define PRODUCT(name, target, tile_rows, panels)                                                   \
    target static void name(const ckernels_product_t *p) { product(p, tile_rows, panels); }

#if defined(__x86_64__)
// Tile sizes fill the registers: 32 of 16 lanes, 16 of 8 lanes, 16 of 4 lanes.
PRODUCT(product_v4, __attribute__((target("arch=x86-64-v4"))), 14, 2)
PRODUCT(product_v3, __attribute__((target("arch=x86-64-v3"))), 6, 1)
PRODUCT(product_baseline, , 2, 1)

static product_t chosen(void) {
    if (__builtin_cpu_supports("x86-64-v4")) return product_v4;
    if (__builtin_cpu_supports("x86-64-v3")) return product_v3;
    return product_baseline;
}

int ckernels_product_fuses(void) { return __builtin_cpu_supports("x86-64-v3") != 0; }
#else
PRODUCT(product_baseline, , 6, 1)

static product_t chosen(void) { return product_baseline; }

int ckernels_product_fuses(void) { return 1; }
#endif

void ckernels_pack(
    const float *weight, size_t stride, size_t outputs, size_t inputs, float *packed) {
    for (size_t column = 0; column < outputs; column += CKERNELS_LANES) {
        const size_t left = outputs - column;
        const size_t present = left < CKERNELS_LANES ? left : CKERNELS_LANES;
        if (present < CKERNELS_LANES) memset(packed, 0, inputs * sizeof(lanes_t));
        for (size_t lane = 0; lane < present; lane++) {
            const float *row = weight + (column + lane) * stride;
            for (size_t input = 0; input < inputs; input++) {
                packed[input * CKERNELS_LANES + lane] = row[input];
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
