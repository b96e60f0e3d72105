#pragma once
#include <stddef.h>
#include <stdint.h>

// What a search by vectors does between the codes and the hits. Same bits at every level.

/// The codes of a segment, as mr_encode makes them.
typedef struct {
    const uint64_t *codes;
    const float *factors;
    size_t count;
    /// 64-bit words a code.
    size_t words;
} mr_codes;

/// A query as mr_scan takes it.
typedef struct {
    const uint64_t *planes;
    int32_t constant;
    float step;
    /// How many spreads the bound of an estimate lies above it.
    float reach;
} mr_code_query;

/// Values that are looked at together.
enum { MR_GREATEST_RUN = 16 };

/// The greatest of many values: the `capacity` greatest that were offered are among the `count` that are held.
typedef struct {
    /// Room for two times `capacity` and MR_GREATEST_RUN values.
    float *values;
    size_t capacity;
    size_t count;
    /// Only values above it are held; it rises to the least that can still be among the greatest.
    float floor;
} mr_greatest;

/// bounds[r] = the estimate of row r + reach * its spread; -infinity where its vector is zeros or
/// its bit in `selection` is not set (NULL selects all). `greatest` keeps the greatest bounds.
void mr_scan_bounds(
    int level, const mr_codes *codes, const mr_code_query *query, const uint64_t *selection,
    float *bounds, mr_greatest *greatest);

/// The least of the `kept` greatest of some values, of which there are as many; changes their order.
float mr_least_of_greatest(float *values, size_t count, size_t kept);

/// Offers values; NaN, -infinity and what is not above the floor are never kept.
void mr_keep_greatest(int level, const float *values, size_t count, mr_greatest *greatest);

/// Writes base + i for each values[i] >= threshold; returns how many. `rows` has room for all.
size_t mr_rows_at_least(
    int level, const float *values, size_t count, float threshold, uint32_t base, uint32_t *rows);

/// Leaves of `rows` those with values[row] >= threshold; returns how many.
size_t mr_keep_rows(const float *values, float threshold, uint32_t *rows, size_t count);

/// gathered[i] = values[rows[i]].
void mr_gather_rows(const float *values, const uint32_t *rows, size_t count, float *gathered);

/// values[i] = -infinity for each i of start..<end whose bit in `selection` is not set.
void mr_mask_rows(const uint64_t *selection, size_t start, size_t end, float *values);

/// scores[i] = the inner product of `query` with row rows[i] of `vectors`, binary16 where `half` is
/// set; the bits of mr_dot_f32_f16 and mr_dot_f32.
void mr_rank_rows(
    int level, const float *query, size_t dimensions, const void *vectors, int half,
    const uint32_t *rows, size_t count, float *scores);
