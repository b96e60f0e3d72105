#include "ckernels_postings.h"
#include "varint.h"

#include <string.h>

INLINE int counted(const uint8_t **at, const uint8_t *end, uint64_t limit, uint64_t *value) {
    return varint(at, end, value) && *value <= limit;
}

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} block_t;

static int block_of(const mr_terms *terms, size_t number, block_t *block) {
    uint64_t start, end;
    memcpy(&start, terms->index + 8 * number, sizeof start);
    memcpy(&end, terms->index + 8 * number + 8, sizeof end);
    if (start >= end || end > terms->terms_byte_count) return 0;
    block->at = terms->terms + start;
    block->end = terms->terms + end;
    return 1;
}

// A block and where the lists of its first term begin.
static int starts_of(
    const mr_terms *terms, size_t number, block_t *block, uint64_t *postings,
    uint64_t *positions) {
    *positions = 0;
    return block_of(terms, number, block)
           && counted(&block->at, block->end, terms->postings_byte_count, postings)
           && (!terms->has_positions
               || counted(&block->at, block->end, terms->positions_byte_count, positions));
}

// Compares a term with the wanted one, both whole: below, at or above 0.
INLINE int compare(const uint8_t *term, size_t count, const uint8_t *wanted, size_t wanted_count) {
    int order = memcmp(term, wanted, count < wanted_count ? count : wanted_count);
    if (order) return order;
    return (count > wanted_count) - (count < wanted_count);
}

// 1 where the block's first term is above the wanted one, 0 where not, -1 for damage.
static int first_is_above(
    const mr_terms *terms, size_t number, const uint8_t *wanted, size_t wanted_count) {
    block_t block;
    uint64_t start, positions, shared, own;
    if (!starts_of(terms, number, &block, &start, &positions)) return -1;
    if (!counted(&block.at, block.end, 0, &shared)) return -1;
    if (!counted(&block.at, block.end, terms->term_byte_count_max, &own)) return -1;
    if ((size_t)(block.end - block.at) < own) return -1;
    return compare(block.at, own, wanted, wanted_count) > 0;
}

static int find_in_block(
    const mr_terms *terms, size_t number, const uint8_t *wanted, size_t wanted_count,
    mr_term_entry *entry) {
    block_t block;
    uint64_t start, positions;
    if (!starts_of(terms, number, &block, &start, &positions)) return -1;
    size_t rest = terms->term_count - number * terms->terms_per_block;
    if (rest > terms->terms_per_block) rest = terms->terms_per_block;
    // Invariant: the term before is below the wanted one and has `matched` first bytes of it.
    uint64_t matched = 0, before = 0;
    for (; rest > 0; rest--) {
        uint64_t shared, own, chunks, bytes, position_bytes = 0;
        if (!counted(&block.at, block.end, before, &shared)) return -1;
        if (!counted(&block.at, block.end, terms->term_byte_count_max - shared, &own)) return -1;
        if ((size_t)(block.end - block.at) < own) return -1;
        const uint8_t *suffix = block.at;
        block.at += own;
        if (!counted(&block.at, block.end, UINT32_MAX, &chunks)) return -1;
        if (!counted(&block.at, block.end, terms->postings_byte_count - start, &bytes)) return -1;
        if (terms->has_positions
            && !counted(
                &block.at, block.end, terms->positions_byte_count - positions, &position_bytes))
            return -1;
        // Sharing less than matched, it differs from the wanted term where the one before did not,
        // and comes after that one: it is above.
        if (shared < matched) return 0;
        if (shared == matched) {
            uint64_t same = 0;
            while (same < own && matched + same < wanted_count
                   && suffix[same] == wanted[matched + same])
                same++;
            matched += same;
            if (same == own && matched == wanted_count) {
                entry->chunk_count = chunks;
                entry->postings_start = start;
                entry->postings_end = start + bytes;
                entry->positions_start = positions;
                entry->positions_end = positions + position_bytes;
                return 1;
            }
            if (same < own && (matched == wanted_count || suffix[same] > wanted[matched])) return 0;
        }
        before = shared + own;
        start += bytes;
        positions += position_bytes;
    }
    return 0;
}

// Brings the beginning of a block nearer, where there is such a block.
INLINE void fetch(const mr_terms *terms, size_t number, size_t end) {
    uint64_t start;
    if (number >= end) return;
    memcpy(&start, terms->index + 8 * number, sizeof start);
    __builtin_prefetch((const void *)((uintptr_t)terms->terms + start));
}

int mr_term_find(
    const mr_terms *terms, const uint8_t *wanted, size_t wanted_count, mr_term_entry *entry) {
    // The wanted term is in the last block whose first term is not above it.
    size_t low = 0, high = terms->block_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        // One of these comes next.
        fetch(terms, low + (middle - low) / 2, middle);
        fetch(terms, middle + 1 + (high - middle - 1) / 2, high);
        int above = first_is_above(terms, middle, wanted, wanted_count);
        if (above < 0) return -1;
        if (above) high = middle;
        else low = middle + 1;
    }
    return low == 0 ? 0 : find_in_block(terms, low - 1, wanted, wanted_count, entry);
}
