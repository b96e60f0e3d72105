#pragma once
#include <stddef.h>

// Principal components of many rows of floats, in double precision. Sums are added up in the order of
// the rows: the same bits on every machine, and whatever parts of the result several threads compute.

/// Rows of doubles that the functions below want as `scratch`.
#define MR_COMPONENT_ROWS 8

/// Adds each of `count` rows of `width` floats to `sums`.
void mr_add_rows(const float *rows, size_t count, size_t width, double *sums);

/// Adds to the rows `first`..<`last` of `products` (`width` x `width`), from their diagonal on to the right, the
/// products of the rows' deviations from `mean`. `scratch` has MR_COMPONENT_ROWS * `width` doubles.
void mr_add_deviation_products(
    const float *rows, size_t count, size_t width, const double *mean, size_t first, size_t last,
    double *scratch, double *products);

/// Turns the rows of a symmetric matrix without negative eigenvalues, pair by pair, until all are orthogonal:
/// each is then an eigenvector, as long as its eigenvalue is great. Returns the sweeps made, at most `limit`.
///
/// Source: Hestenes, Inversion of matrices by biorthogonalization (1958).
size_t mr_orthogonalise_rows(double *matrix, size_t width, size_t limit);

/// out[r] = weights[r] * (rows[r] - mean) * axes, where `axes` is `width` x `dimensions`. `scratch` has
/// MR_COMPONENT_ROWS * `dimensions` doubles.
void mr_project_rows(
    const float *rows, size_t count, size_t width, const double *mean, const double *axes,
    size_t dimensions, const double *weights, double *scratch, float *out);
