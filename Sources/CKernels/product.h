#pragma once
#include "lanes.h"

// What products of every number format share: the walk over rows and panels of outputs, and the
// rows' conversion, which is done once a block and stays in the cache.

typedef void (*product_t)(const ckernels_product_t *);

/// Rows of a product from `first` on, in the format that its tiles read.
typedef struct {
    size_t first;
    const void *values;
    /// int8 only: what a step of each row is worth, and each row's lowest value.
    const float *steps;
    const float *lows;
} converted_t;

/// The sums of `rows` x `panels` outputs from (`row`, `column`) on, written to the product's `out`.
typedef void (*tile_t)(
    const ckernels_product_t *p, const converted_t *x, size_t rows, size_t panels, size_t row,
    size_t column);

typedef converted_t (*convert_t)(const ckernels_product_t *p, size_t first, size_t end);

enum {
    // Half of the smallest second-level cache in use.
    CACHED_BYTES = 256 << 10,
    MOST_TILE_ROWS = 14,
    MOST_BLOCK_ROWS = 1 << 10,
};

/// Rows whose inputs stay in the second-level cache while all panels pass by.
INLINED size_t rows_of_block(size_t inputs, size_t tile_rows) {
    const size_t cached = CACHED_BYTES / sizeof(float) / inputs;
    const size_t tiles = (cached < MOST_BLOCK_ROWS ? cached : MOST_BLOCK_ROWS) / tile_rows;
    return tile_rows * (tiles > 0 ? tiles : 1);
}

/// `tile` and `convert` are constants, so that both are inlined.
INLINED void walk(
    const ckernels_product_t *p, const size_t tile_rows, const size_t panels, const tile_t tile,
    const convert_t convert) {
    const size_t block_rows = rows_of_block(p->inputs, tile_rows);
    for (size_t block = 0; block < p->rows; block += block_rows) {
        const size_t end = block + block_rows < p->rows ? block + block_rows : p->rows;
        // The last tile steps back over rows that are done: the same values again.
        const size_t last = p->rows - tile_rows;
        const converted_t x = convert(p, block < last ? block : last, end);
        size_t column = 0;
        while (column < p->outputs) {
            const int is_pair = panels == 2 && column + 2 * CKERNELS_LANES <= p->outputs;
            for (size_t row = block; row < end; row += tile_rows) {
                const size_t first = row < last ? row : last;
                if (is_pair) {
                    tile(p, &x, tile_rows, 2, first, column);
                } else {
                    tile(p, &x, tile_rows, 1, first, column);
                }
            }
            column += (is_pair ? 2 : 1) * CKERNELS_LANES;
        }
    }
}

/// Sums plus bias.
INLINED void store_sums(
    const ckernels_product_t *p, lanes_t sums[MOST_TILE_ROWS][2], const size_t rows,
    const size_t panels, size_t first_row, size_t column) {
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
}

/// GELU of a tile that is stored, if it is wanted.
INLINED void apply_gelu(
    const ckernels_product_t *p, const size_t rows, const size_t panels, size_t first_row,
    size_t column) {
    if (!p->gelu) return;
    float *out = p->out + first_row * p->out_stride + column;
    for (size_t row = 0; row < rows; row++) {
        for (size_t panel = 0; panel < panels; panel++) {
            float *values = out + row * p->out_stride + panel * CKERNELS_LANES;
            store(values, gelu(load(values)));
        }
    }
}

#define PRODUCT(name, target, tile_rows, panels, tile, convert)                                    \
    target static void name(const ckernels_product_t *p) {                                         \
        walk(p, tile_rows, panels, tile, convert);                                                 \
    }
