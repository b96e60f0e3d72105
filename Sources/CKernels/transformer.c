#include "lanes.h"

#include <float.h>
#include <math.h>

CLONED
void ckernels_add_positions(
    const float *words, const float *positions, size_t stride, const int32_t *ids, size_t rows,
    size_t width, float *out) {
    for (size_t row = 0; row < rows; row++) {
        const float *word = words + (size_t)ids[row] * width;
        const float *position = positions + row * stride;
        for (size_t column = 0; column < width; column++) {
            out[row * width + column] = word[column] + position[column];
        }
    }
}

CLONED
void ckernels_layer_norm(
    float *x, const float *residual, size_t rows, size_t width, const float *gain,
    const float *shift, float epsilon, float *out) {
    for (size_t row = 0; row < rows; row++) {
        float *values = x + row * width;
        float *target = out + row * width;
        lanes_t sums = {};
        for (size_t column = 0; column < width; column += CKERNELS_LANES) {
            lanes_t value = load(values + column);
            if (residual) value += load(residual + row * width + column);
            store(values + column, value);
            sums += value;
        }
        const float mean = sum_of(sums) / (float)width;
        lanes_t squares = {};
        for (size_t column = 0; column < width; column += CKERNELS_LANES) {
            const lanes_t distance = load(values + column) - mean;
            squares += distance * distance;
        }
        const float scale = 1.0f / sqrtf(sum_of(squares) / (float)width + epsilon);
        for (size_t column = 0; column < width; column += CKERNELS_LANES) {
            const lanes_t distance = load(values + column) - mean;
            store(
                target + column,
                distance * scale * load(gain + column) + load(shift + column));
        }
    }
}

// Rows at once: each waits for chains of sums over its lanes, which run beside those of the others.
enum { SOFTMAX_ROWS = 4 };

INLINED float maximum(const float *values, size_t width) {
    lanes_t highest = load(values);
    for (size_t column = CKERNELS_LANES; column < width; column += CKERNELS_LANES) {
        const lanes_t value = load(values + column);
        highest = choose(value > highest, value, highest);
    }
    // Halves onto each other: unlike a sum, the greatest is the same in any order.
    lanes_t other = __builtin_shufflevector(
        highest, highest, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    highest = choose(other > highest, other, highest);
    other = __builtin_shufflevector(
        highest, highest, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    highest = choose(other > highest, other, highest);
    other = __builtin_shufflevector(
        highest, highest, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    highest = choose(other > highest, other, highest);
    return highest[1] > highest[0] ? highest[1] : highest[0];
}

INLINED void softmax_rows(float *x, const size_t rows, size_t count, size_t width, float scale) {
    float most[SOFTMAX_ROWS];
    lanes_t sums[SOFTMAX_ROWS];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
        float *values = x + row * width;
        for (size_t column = count; column < width; column++) values[column] = -FLT_MAX;
        most[row] = maximum(values, width);
        sums[row] = (lanes_t){};
    }
    for (size_t column = 0; column < width; column += CKERNELS_LANES) {
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            float *values = x + row * width + column;
            // Padding becomes e^-87, far below the last bit of a sum that holds e^0.
            const lanes_t value = exponential((load(values) - most[row]) * scale);
            store(values, value);
            sums[row] += value;
        }
    }
    float shares[SOFTMAX_ROWS];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) shares[row] = 1.0f / sum_of(sums[row]);
    for (size_t column = 0; column < width; column += CKERNELS_LANES) {
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            float *values = x + row * width + column;
            store(values, load(values) * shares[row]);
        }
    }
}

CLONED
void ckernels_softmax(float *x, size_t rows, size_t count, size_t width, float scale) {
    size_t row = 0;
    for (; row + SOFTMAX_ROWS <= rows; row += SOFTMAX_ROWS) {
        softmax_rows(x + row * width, SOFTMAX_ROWS, count, width, scale);
    }
    for (; row < rows; row++) softmax_rows(x + row * width, 1, count, width, scale);
}

void ckernels_mask_distant(
    float *x, size_t rows, size_t count, size_t width, size_t first, size_t reach) {
    for (size_t row = 0; row < rows; row++) {
        float *values = x + row * width;
        const size_t place = first + row;
        const size_t start = place < reach ? 0 : place - reach;
        for (size_t column = 0; column < start && column < count; column++) {
            values[column] = -FLT_MAX;
        }
        for (size_t column = place + reach + 1; column < count; column++) {
            values[column] = -FLT_MAX;
        }
    }
}

INLINED void gate_rows(
    const float *x, size_t rows, size_t width, const ckernels_activation_t activation, float *out,
    size_t stride) {
    for (size_t row = 0; row < rows; row++) {
        const float *values = x + row * 2 * width;
        float *target = out + row * stride;
        for (size_t column = 0; column < width; column += CKERNELS_LANES) {
            const lanes_t value = load(values + column);
            const lanes_t factor = load(values + width + column);
            const lanes_t active = activation == CKERNELS_SILU ? silu(value) : gelu(value);
            store(target + column, active * factor);
        }
    }
}

CLONED
void ckernels_gate(
    const float *x, size_t rows, size_t width, ckernels_activation_t activation, float *out,
    size_t stride) {
    if (activation == CKERNELS_SILU) {
        gate_rows(x, rows, width, CKERNELS_SILU, out, stride);
    } else {
        gate_rows(x, rows, width, CKERNELS_GELU, out, stride);
    }
}

CLONED
void ckernels_mean_rows(const float *x, size_t rows, size_t width, float *out) {
    for (size_t column = 0; column < width; column++) out[column] = 0;
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < width; column++) out[column] += x[row * width + column];
    }
    for (size_t column = 0; column < width; column++) out[column] /= (float)rows;
}

CLONED
void ckernels_raise_to_rows(const float *x, size_t rows, size_t width, float *out) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < width; column += CKERNELS_LANES) {
            const lanes_t value = load(x + row * width + column);
            const lanes_t highest = load(out + column);
            store(out + column, choose(value > highest, value, highest));
        }
    }
}

size_t ckernels_indices_above(const float *values, size_t count, float least, int32_t *indices) {
    size_t found = 0;
    for (size_t index = 0; index < count; index++) {
        indices[found] = (int32_t)index;
        found += values[index] > least;
    }
    return found;
}
