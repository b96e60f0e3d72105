#include "lanes.h"

#include <float.h>
#include <math.h>

#if defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif

CLONED
void ckernels_add_positions(
    const float *words, const float *positions, const int32_t *ids, size_t rows, size_t width,
    float *out) {
    for (size_t row = 0; row < rows; row++) {
        const float *word = words + (size_t)ids[row] * width;
        for (size_t column = 0; column < width; column++) {
            out[row * width + column] = word[column] + positions[row * width + column];
        }
    }
}

CLONED
void ckernels_layer_norm(
    float *x, const float *residual, size_t rows, size_t width, const float *gain,
    const float *shift, float epsilon) {
    for (size_t row = 0; row < rows; row++) {
        float *values = x + row * width;
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
                values + column,
                distance * scale * load(gain + column) + load(shift + column));
        }
    }
}

CLONED
void ckernels_softmax(float *x, size_t rows, size_t count, size_t width, float scale) {
    for (size_t row = 0; row < rows; row++) {
        float *values = x + row * width;
        for (size_t column = count; column < width; column++) values[column] = -FLT_MAX;
        lanes_t highest = load(values);
        for (size_t column = CKERNELS_LANES; column < width; column += CKERNELS_LANES) {
            const lanes_t value = load(values + column);
            highest = choose(value > highest, value, highest);
        }
        float maximum = highest[0];
        for (int lane = 1; lane < CKERNELS_LANES; lane++) {
            if (highest[lane] > maximum) maximum = highest[lane];
        }
        lanes_t sums = {};
        for (size_t column = 0; column < width; column += CKERNELS_LANES) {
            // Padding becomes e^-87, far below the last bit of a sum that holds e^0.
            const lanes_t value = exponential((load(values + column) - maximum) * scale);
            store(values + column, value);
            sums += value;
        }
        const float share = 1.0f / sum_of(sums);
        for (size_t column = 0; column < width; column += CKERNELS_LANES) {
            store(values + column, load(values + column) * share);
        }
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
