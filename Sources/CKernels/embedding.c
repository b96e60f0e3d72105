#include "ckernels_embedding.h"

#include <math.h>

#if defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif

// Without contraction a*b+c rounds twice everywhere, so clones with and without FMA agree.
#pragma STDC FP_CONTRACT OFF

CLONED
void ckernels_sum_rows(
    const float *table, size_t dimensions, const int32_t *ids, size_t count, float *out) {
    for (size_t column = 0; column < dimensions; column++) out[column] = 0;
    size_t row = 0;
    for (; row + 4 <= count; row += 4) {
        const float *a = table + (size_t)ids[row] * dimensions;
        const float *b = table + (size_t)ids[row + 1] * dimensions;
        const float *c = table + (size_t)ids[row + 2] * dimensions;
        const float *d = table + (size_t)ids[row + 3] * dimensions;
        for (size_t column = 0; column < dimensions; column++) {
            out[column] = (((out[column] + a[column]) + b[column]) + c[column]) + d[column];
        }
    }
    for (; row < count; row++) {
        const float *a = table + (size_t)ids[row] * dimensions;
        for (size_t column = 0; column < dimensions; column++) out[column] += a[column];
    }
}

CLONED
void ckernels_scale_to_unit(float *vector, size_t count, float epsilon) {
    float lanes[CKERNELS_LANES] = {0};
    size_t index = 0;
    for (; index + CKERNELS_LANES <= count; index += CKERNELS_LANES) {
        for (size_t lane = 0; lane < CKERNELS_LANES; lane++) {
            const float value = vector[index + lane];
            lanes[lane] += value * value;
        }
    }
    for (; index < count; index++) lanes[0] += vector[index] * vector[index];
    float sum = 0;
    for (size_t lane = 0; lane < CKERNELS_LANES; lane++) sum += lanes[lane];
    const float length = sqrtf(sum) + epsilon;
    for (index = 0; index < count; index++) vector[index] /= length;
}
