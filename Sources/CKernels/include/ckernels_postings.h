#pragma once
#include <stddef.h>
#include <stdint.h>

// Kernels that read terms and postings where they lie in a segment; the layout is SegmentFormat.md's.
// Every byte is checked before it is believed. Results have the same bits at every level.

/// The postings of one term.
typedef struct {
    const uint8_t *bytes;
    size_t byte_count;
    /// How many chunks the segment has; postings name chunks below this.
    uint32_t chunk_limit;
} mr_postings;

/// What a posting adds to the score of its chunk: weight * count / (count + base + slope * length).
typedef struct {
    float weight;
    float base;
    float slope;
    /// One a chunk of the segment.
    const uint32_t *lengths;
} mr_posting_weight;

/// Postings between two entries of a skip table.
enum { MR_POSTINGS_BLOCK = 128 };

/// What a kernel that counts postings gives for bytes that are none.
enum { MR_POSTINGS_DAMAGED = -1 };

/// Writes the chunks and counts of at most `room` postings; returns how many there are.
///
/// MR_POSTINGS_DAMAGED where there are more than `room`, or the bytes are no postings.
int64_t mr_postings_decode(
    const mr_postings *postings, uint32_t *chunks, uint32_t *counts, size_t room);

/// Counts the postings, and in `live` those whose chunk's bit is set in `live_words`.
///
/// For each block of postings, `offsets` takes the byte it starts at and `starts` the least chunk
/// that it may name; both have room for `block_room` blocks and may be NULL when that is 0.
int64_t mr_postings_survey(
    const mr_postings *postings, const uint64_t *live_words, uint64_t *live, uint32_t *offsets,
    uint32_t *starts, size_t block_room);

/// Adds each posting's share to `scores`, one a chunk; returns how many postings there are.
int64_t mr_postings_score(
    int level, const mr_postings *postings, const mr_posting_weight *weight, float *scores);

/// Adds the shares of the postings whose chunk is one of `rows`, ascending.
///
/// With a table of `blocks` entries as mr_postings_survey makes it, only blocks that can name a row are
/// read; with `blocks` 0 all are. Returns 0, or MR_POSTINGS_DAMAGED.
int64_t mr_postings_probe(
    const mr_postings *postings, const mr_posting_weight *weight, const uint32_t *offsets,
    const uint32_t *starts, size_t blocks, const uint32_t *rows, size_t row_count, float *scores);

/// The sections of a segment in which a term is looked up.
typedef struct {
    /// Byte offsets into `terms`, 64 bits each, one a block and one more.
    const uint8_t *index;
    size_t block_count;
    const uint8_t *terms;
    size_t terms_byte_count;
    size_t term_count;
    size_t terms_per_block;
    size_t term_byte_count_max;
    size_t postings_byte_count;
} mr_terms;

typedef struct {
    uint64_t chunk_count;
    uint64_t postings_start;
    uint64_t postings_end;
} mr_term_entry;

/// Finds a term: 1 and its entry, 0 where it is absent, -1 where the sections are damaged.
int mr_term_find(
    const mr_terms *terms, const uint8_t *wanted, size_t wanted_count, mr_term_entry *entry);
