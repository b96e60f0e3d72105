#include "ckernels_nearest.h"
#include "ckernels_vectors.h"

#include <float.h>
#include <math.h>

// A fused multiply-add rounds once where two operations round twice: the bits would then depend on
// the processor.
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__)
#include <immintrin.h>
#define X86 1
#define TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define TARGET_V4 __attribute__((target("arch=x86-64-v4")))
#else
#define X86 0
#endif

// MARK: - The greatest values

// Brings the `kept` greatest of some values to the front, the least of them last; gives that one.
static float select_greatest(float *values, size_t count, size_t kept) {
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1;
    const ptrdiff_t place = (ptrdiff_t)kept - 1;
    while (low < high) {
        const float first = values[low], middle = values[low + (high - low) / 2], last = values[high];
        const float least = first < middle ? first : middle, most = first < middle ? middle : first;
        const float pivot = last < least ? least : last > most ? most : last;
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (values[i] > pivot) i++;
            while (values[j] < pivot) j--;
            if (i > j) break;
            const float value = values[i];
            values[i++] = values[j];
            values[j--] = value;
        }
        if (place <= j) high = j;
        else if (place >= i) low = i;
        else break;
    }
    return values[place];
}

float mr_least_of_greatest(float *values, size_t count, size_t kept) {
    return select_greatest(values, count, kept);
}

// Most runs of values hold nothing that is kept: those are passed over sixteen at a time.
enum { RUN = MR_GREATEST_RUN };

INLINE int any_above(const float *values, float floor) {
    int any = 0;
    for (int i = 0; i < RUN; i++) any |= values[i] > floor;
    return any;
}

INLINE void keep_body(const float *values, size_t count, mr_greatest *greatest) {
    if (greatest->capacity == 0) return;
    for (size_t i = 0; i < count;) {
        const float floor = greatest->floor;
        const size_t end = count - i < RUN ? count : i + RUN;
        if (end - i == RUN && !any_above(values + i, floor)) {
            i = end;
            continue;
        }
        size_t held = greatest->count;
        for (; i < end; i++) {
            greatest->values[held] = values[i];
            held += values[i] > floor;
        }
        greatest->count = held;
        if (held < 2 * greatest->capacity) continue;
        greatest->floor = select_greatest(greatest->values, held, greatest->capacity);
        greatest->count = greatest->capacity;
    }
}

#if X86
TARGET_V3 static void keep_v3(const float *values, size_t count, mr_greatest *greatest) {
    keep_body(values, count, greatest);
}
TARGET_V4 static void keep_v4(const float *values, size_t count, mr_greatest *greatest) {
    keep_body(values, count, greatest);
}
#endif

void mr_keep_greatest(int level, const float *values, size_t count, mr_greatest *greatest) {
#if X86
    if (level >= MR_LEVEL_V4) {
        keep_v4(values, count, greatest);
        return;
    }
    if (level >= MR_LEVEL_V3) {
        keep_v3(values, count, greatest);
        return;
    }
#endif
    keep_body(values, count, greatest);
}

// MARK: - Rows by value

INLINE size_t at_least_body(
    const float *values, size_t count, float threshold, uint32_t base, uint32_t *rows) {
    size_t found = 0, i = 0;
    // -infinity marks what is no row at all.
    const float floor = threshold < -FLT_MAX ? -FLT_MAX : threshold;
    for (; i + RUN <= count; i += RUN) {
        int any = 0;
        for (int k = 0; k < RUN; k++) any |= values[i + k] >= floor;
        if (!any) continue;
        for (int k = 0; k < RUN; k++) {
            rows[found] = base + (uint32_t)(i + k);
            found += values[i + k] >= floor;
        }
    }
    for (; i < count; i++)
        if (values[i] >= floor) rows[found++] = base + (uint32_t)i;
    return found;
}

#if X86
TARGET_V3 static size_t at_least_v3(
    const float *values, size_t count, float threshold, uint32_t base, uint32_t *rows) {
    return at_least_body(values, count, threshold, base, rows);
}
// `rows` has room for all values: what is written behind those found lies within it.
TARGET_V4 static size_t at_least_v4(
    const float *values, size_t count, float threshold, uint32_t base, uint32_t *rows) {
    const __m512 floor = _mm512_set1_ps(threshold < -FLT_MAX ? -FLT_MAX : threshold);
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t found = 0, i = 0;
    for (; i + RUN <= count; i += RUN) {
        __mmask16 is_in = _mm512_cmp_ps_mask(_mm512_loadu_ps(values + i), floor, _CMP_GE_OQ);
        if (!is_in) continue;
        __m512i run = _mm512_add_epi32(_mm512_set1_epi32((int32_t)(base + (uint32_t)i)), lanes);
        _mm512_storeu_si512(rows + found, _mm512_maskz_compress_epi32(is_in, run));
        found += (size_t)__builtin_popcount(is_in);
    }
    return found + at_least_body(values + i, count - i, threshold, base + (uint32_t)i, rows + found);
}
#endif

size_t mr_rows_at_least(
    int level, const float *values, size_t count, float threshold, uint32_t base, uint32_t *rows) {
#if X86
    if (level >= MR_LEVEL_V4) return at_least_v4(values, count, threshold, base, rows);
    if (level >= MR_LEVEL_V3) return at_least_v3(values, count, threshold, base, rows);
#endif
    return at_least_body(values, count, threshold, base, rows);
}

size_t mr_keep_rows(const float *values, float threshold, uint32_t *rows, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        rows[kept] = rows[i];
        kept += values[rows[i]] >= threshold;
    }
    return kept;
}

void mr_gather_rows(const float *values, const uint32_t *rows, size_t count, float *gathered) {
    for (size_t i = 0; i < count; i++) gathered[i] = values[rows[i]];
}

void mr_mask_rows(const uint64_t *selection, size_t start, size_t end, float *values) {
    for (size_t i = start; i < end; i++)
        if (!(selection[i / 64] >> i % 64 & 1)) values[i] = -INFINITY;
}

// MARK: - Bounds

INLINE void bound_body(const float *factors, size_t count, float reach, float *scores) {
    for (size_t i = 0; i < count; i++) {
        float bound = scores[i] + reach * factors[2 * i + 1];
        scores[i] = factors[2 * i] > 0 ? bound : -INFINITY;
    }
}

#if X86
TARGET_V3 static void bound_v3(const float *factors, size_t count, float reach, float *scores) {
    bound_body(factors, count, reach, scores);
}
TARGET_V4 static void bound_v4(const float *factors, size_t count, float reach, float *scores) {
    bound_body(factors, count, reach, scores);
}
#endif

static void bound(int level, const float *factors, size_t count, float reach, float *scores) {
#if X86
    if (level >= MR_LEVEL_V4) {
        bound_v4(factors, count, reach, scores);
        return;
    }
    if (level >= MR_LEVEL_V3) {
        bound_v3(factors, count, reach, scores);
        return;
    }
#endif
    bound_body(factors, count, reach, scores);
}

// Rows of one step: their scores stay in the first cache.
enum { STEP = 4096 };

static void scan_run(
    int level, const mr_codes *codes, const mr_code_query *query, const uint64_t *selection,
    size_t start, size_t end, float *bounds, mr_greatest *greatest) {
    mr_scan(
        level, codes->codes + start * codes->words, codes->factors + 2 * start, end - start,
        codes->words, query->planes, query->constant, query->step, bounds + start);
    bound(level, codes->factors + 2 * start, end - start, query->reach, bounds + start);
    if (selection) mr_mask_rows(selection, start, end, bounds);
    mr_keep_greatest(level, bounds + start, end - start, greatest);
}

void mr_scan_bounds(
    int level, const mr_codes *codes, const mr_code_query *query, const uint64_t *selection,
    float *bounds, mr_greatest *greatest) {
    size_t start = 0;
    while (start < codes->count) {
        size_t end = start;
        int isSelected = !selection || selection[start / 64];
        // A step is a run of rows of which each 64 hold a selected one, or none does.
        do {
            end += selection ? 64 : STEP;
        } while (end < codes->count && end - start < STEP
                 && (!selection || !selection[end / 64] == !isSelected));
        if (end > codes->count) end = codes->count;
        if (isSelected) scan_run(level, codes, query, selection, start, end, bounds, greatest);
        else
            for (size_t i = start; i < end; i++) bounds[i] = -INFINITY;
        start = end;
    }
}

// MARK: - Ranking

void mr_rank_rows(
    int level, const float *query, size_t dimensions, const void *vectors, int half,
    const uint32_t *rows, size_t count, float *scores) {
    const size_t stride = dimensions * (half ? 2 : 4);
    const char *base = vectors;
    // Far enough ahead that a row has come from memory when it is read.
    enum { AHEAD = 8, LINE = 64 };
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count) {
            const char *next = base + rows[i + AHEAD] * stride;
            for (size_t at = 0; at < stride; at += LINE) __builtin_prefetch(next + at);
        }
        const char *row = base + rows[i] * stride;
        scores[i] = half ? mr_dot_f32_f16(level, query, (const uint16_t *)row, dimensions)
                         : mr_dot_f32(level, query, (const float *)row, dimensions);
    }
}
