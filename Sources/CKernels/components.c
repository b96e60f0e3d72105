#include "ckernels_components.h"

#include <math.h>
#include <string.h>

// A fused multiply-add rounds once where two operations round twice: the bits would then depend on
// the processor.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif

CLONED
void mr_add_rows(const float *rows, size_t count, size_t width, double *sums) {
    for (size_t row = 0; row < count; row++) {
        for (size_t column = 0; column < width; column++) sums[column] += rows[row * width + column];
    }
}

// MARK: - Covariance

CLONED
void mr_add_deviation_products(
    const float *rows, size_t count, size_t width, const double *mean, size_t first, size_t last,
    double *scratch, double *products) {
    for (size_t start = 0; start < count; start += MR_COMPONENT_ROWS) {
        const size_t many = count - start < MR_COMPONENT_ROWS ? count - start : MR_COMPONENT_ROWS;
        // Rows past the last one are zeros, which change no sum.
        memset(scratch, 0, MR_COMPONENT_ROWS * width * sizeof(double));
        for (size_t row = 0; row < many; row++) {
            const float *values = rows + (start + row) * width;
            double *deviations = scratch + row * width;
            for (size_t column = 0; column < width; column++) {
                deviations[column] = (double)values[column] - mean[column];
            }
        }
        for (size_t i = first; i < last; i++) {
            double *sums = products + i * width;
            for (size_t j = i; j < width; j++) {
                double sum = sums[j];
                for (size_t row = 0; row < MR_COMPONENT_ROWS; row++) {
                    sum += scratch[row * width + i] * scratch[row * width + j];
                }
                sums[j] = sum;
            }
        }
    }
}

// MARK: - Eigenvectors

#define LANES 8

/// In lanes that are joined in a fixed order.
static inline __attribute__((always_inline)) double
dot(const double *a, const double *b, size_t count) {
    double lanes[LANES] = {0};
    size_t index = 0;
    for (; index + LANES <= count; index += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += a[index + lane] * b[index + lane];
    }
    double sum = 0;
    for (size_t lane = 0; lane < LANES; lane++) sum += lanes[lane];
    for (; index < count; index++) sum += a[index] * b[index];
    return sum;
}

/// Makes two rows orthogonal; 0 where they are as good as that, or one is as good as nothing.
static inline __attribute__((always_inline)) int
rotate(double *a, double *b, size_t width, double nothing) {
    const double alpha = dot(a, a, width);
    const double beta = dot(b, b, width);
    const double gamma = dot(a, b, width);
    if (alpha <= nothing || beta <= nothing) return 0;
    if (fabs(gamma) <= 1e-14 * sqrt(alpha) * sqrt(beta)) return 0;
    const double zeta = (beta - alpha) / (2 * gamma);
    const double tangent = (zeta < 0 ? -1 : 1) / (fabs(zeta) + sqrt(1 + zeta * zeta));
    const double cosine = 1 / sqrt(1 + tangent * tangent);
    const double sine = cosine * tangent;
    for (size_t column = 0; column < width; column++) {
        const double left = a[column];
        const double right = b[column];
        a[column] = cosine * left - sine * right;
        b[column] = sine * left + cosine * right;
    }
    return 1;
}

CLONED
size_t mr_orthogonalise_rows(double *matrix, size_t width, size_t limit) {
    const double nothing = 1e-30 * dot(matrix, matrix, width * width);
    for (size_t sweep = 0; sweep < limit; sweep++) {
        int changed = 0;
        for (size_t i = 0; i < width; i++) {
            for (size_t j = i + 1; j < width; j++) {
                changed |= rotate(matrix + i * width, matrix + j * width, width, nothing);
            }
        }
        if (!changed) return sweep;
    }
    return limit;
}

// MARK: - Projection

CLONED
void mr_project_rows(
    const float *rows, size_t count, size_t width, const double *mean, const double *axes,
    size_t dimensions, const double *weights, double *scratch, float *out) {
    for (size_t start = 0; start < count; start += MR_COMPONENT_ROWS) {
        const size_t many = count - start < MR_COMPONENT_ROWS ? count - start : MR_COMPONENT_ROWS;
        memset(scratch, 0, MR_COMPONENT_ROWS * dimensions * sizeof(double));
        for (size_t k = 0; k < width; k++) {
            const double *axis = axes + k * dimensions;
            for (size_t row = 0; row < many; row++) {
                const double deviation = (double)rows[(start + row) * width + k] - mean[k];
                double *sums = scratch + row * dimensions;
                for (size_t column = 0; column < dimensions; column++) {
                    sums[column] += deviation * axis[column];
                }
            }
        }
        for (size_t row = 0; row < many; row++) {
            for (size_t column = 0; column < dimensions; column++) {
                out[(start + row) * dimensions + column] =
                    (float)(scratch[row * dimensions + column] * weights[start + row]);
            }
        }
    }
}
