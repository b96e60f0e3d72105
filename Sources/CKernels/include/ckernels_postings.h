#pragma once
#include <stddef.h>
#include <stdint.h>

// Kernels that read terms and postings where they lie in a segment; the layout is SegmentFormat.md's.
// Every byte is checked before it is believed. Results have the same bits at every level.

/// The postings of one term.
typedef struct {
    const uint8_t *bytes;
    size_t byte_count;
    /// How many there are, as their term says.
    size_t count;
    /// How many chunks the segment has; postings name chunks below this.
    uint32_t chunk_limit;
    /// Whether whole blocks are packed; in older files no list is.
    int is_packed;
} mr_postings;

/// What a posting adds to the score of its chunk: weight * count / (count + base + slope * length).
typedef struct {
    float weight;
    float base;
    float slope;
    /// One a chunk of the segment.
    const uint32_t *lengths;
} mr_posting_weight;

/// Postings of a block.
enum { MR_POSTINGS_BLOCK = 128 };

/// What a kernel that counts postings gives for bytes that are none.
enum { MR_POSTINGS_DAMAGED = -1 };

/// The bound of postings outside of packed blocks.
enum { MR_POSTINGS_BOUND_MAX = 255 };

// MARK: Writing

/// What the bounds of blocks are of.
typedef struct {
    /// Lengths of the chunks: a bound is the greatest 255 * c / (c + 0.3 + 0.9 / average * length), rounded up.
    /// NULL: the greatest count, at most 255.
    const uint32_t *lengths;
    double average;
} mr_bounds;

/// Bytes that `count` postings need at most.
size_t mr_postings_room(size_t count);

/// Writes a list; returns its bytes. Chunks ascend strictly, counts are above 0.
size_t mr_postings_encode(
    const uint32_t *chunks, const uint32_t *counts, size_t count, const mr_bounds *bounds,
    uint8_t *bytes);

// MARK: Reading a whole list

/// Writes the chunks and counts of the postings, `postings->count` each; returns how many there are.
///
/// MR_POSTINGS_DAMAGED where there are not as many, or the bytes are no postings.
int64_t mr_postings_decode(const mr_postings *postings, uint32_t *chunks, uint32_t *counts);

/// Counts in `live` the postings whose chunk's bit is set in `live_words`; 0, or MR_POSTINGS_DAMAGED.
int mr_postings_live(const mr_postings *postings, const uint64_t *live_words, uint64_t *live);

// MARK: Walking a list

/// A place in a list, and the block that is unpacked there. A cursor only goes on.
typedef struct {
    mr_postings list;
    size_t block_count;
    /// The next block that is not unpacked, and where its body begins.
    size_t block;
    const uint8_t *at;
    /// The least chunk that the next posting behind the unpacked ones may name.
    uint64_t next;
    /// Postings behind the unpacked ones.
    size_t left;
    /// Of the unpacked postings the next one, and how many there are.
    uint32_t place, held;
    uint32_t bound;
    uint32_t chunks[MR_POSTINGS_BLOCK], counts[MR_POSTINGS_BLOCK];
} mr_cursor;

/// 0, or MR_POSTINGS_DAMAGED for a list whose table does not fit its bytes.
int mr_cursor_open(mr_cursor *cursor, const mr_postings *postings);

/// The greatest bound of the blocks that may hold chunks from `start` to before `end`; 0 where none is there.
///
/// Goes on to `start`, unpacking nothing that is packed. MR_POSTINGS_DAMAGED.
int mr_cursor_bound(mr_cursor *cursor, uint32_t start, uint32_t end);

/// Adds the shares of the postings from `start` to before `end` to `scores`, one a chunk from `start` on.
///
/// 0, or MR_POSTINGS_DAMAGED. `end` is at most the list's limit.
int mr_cursor_score(
    int level, mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start, uint32_t end,
    float *scores);

/// The same for some chunks only: `rows`, ascending, counted from `start`.
///
/// A block whose bound times `scale` lifts none of its rows to `least` is not unpacked: their scores stay as they
/// are. 0, or MR_POSTINGS_DAMAGED.
int mr_cursor_probe(
    int level, mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start,
    const uint32_t *rows, size_t row_count, float least, float scale, float *scores);

// MARK: Positions

/// The positions of one term: for each posting, by its count, the first and then the steps to the next.
typedef struct {
    const uint8_t *bytes;
    size_t byte_count;
    /// How many values there are: the sum of the postings' counts.
    size_t count;
} mr_positions;

/// Bytes that `count` values need at most.
size_t mr_positions_room(size_t count);

/// Writes the values; returns their bytes.
size_t mr_positions_encode(const uint32_t *values, size_t count, uint8_t *bytes);

/// Writes some of the values, range after range: `counts` of them from `firsts` on, ascending and apart.
///
/// Blocks without any of them are not unpacked. 0, or MR_POSTINGS_DAMAGED.
int mr_positions_gather(
    const mr_positions *list, const uint64_t *firsts, const uint32_t *counts, size_t range_count,
    uint32_t *values);

// MARK: Terms

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
    /// Whether entries say where positions are.
    int has_positions;
    size_t positions_byte_count;
} mr_terms;

typedef struct {
    uint64_t chunk_count;
    uint64_t postings_start;
    uint64_t postings_end;
    uint64_t positions_start;
    uint64_t positions_end;
} mr_term_entry;

/// Finds a term: 1 and its entry, 0 where it is absent, -1 where the sections are damaged.
int mr_term_find(
    const mr_terms *terms, const uint8_t *wanted, size_t wanted_count, mr_term_entry *entry);
