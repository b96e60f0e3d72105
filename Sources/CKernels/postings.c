#include "ckernels_postings.h"
#include "ckernels_vectors.h"

#include <string.h>

// A fused multiply-add rounds once where two operations round twice: the bits would then depend on
// the processor.
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define X86 1
#define TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define TARGET_V4 __attribute__((target("arch=x86-64-v4")))
#else
#define X86 0
#endif

// MARK: - Decoding

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
    // The least chunk that the next posting may name.
    uint64_t next;
    uint64_t limit;
} cursor_t;

INLINE cursor_t cursor_of(const mr_postings *postings) {
    cursor_t cursor = {
        postings->bytes, postings->bytes + postings->byte_count, 0, postings->chunk_limit};
    return cursor;
}

INLINE int varint(const uint8_t **at, const uint8_t *end, uint64_t *value) {
    uint64_t sum = 0;
    for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;
        sum |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *value = sum;
            return 1;
        }
    }
    return 0;
}

static int decode_one(cursor_t *cursor, uint32_t *chunk, uint32_t *count) {
    uint64_t code, more;
    if (!varint(&cursor->at, cursor->end, &code)) return 0;
    if (code >> 1 >= cursor->limit - cursor->next) return 0;
    *chunk = (uint32_t)(cursor->next + (code >> 1));
    *count = 1;
    if (!(code & 1)) {
        if (!varint(&cursor->at, cursor->end, &more) || more > UINT32_MAX - 2) return 0;
        *count = (uint32_t)more + 2;
    }
    cursor->next = (uint64_t)*chunk + 1;
    return 1;
}

// At most `room` postings; -1 for bytes that are none.
INLINE int64_t decode(cursor_t *cursor, uint32_t *chunks, uint32_t *counts, int64_t room) {
    int64_t n = 0;
    while (n < room && cursor->at < cursor->end) {
        uint64_t word;
        if (cursor->end - cursor->at < 8) {
            if (!decode_one(cursor, chunks + n, counts + n)) return -1;
            n++;
            continue;
        }
        memcpy(&word, cursor->at, sizeof word);
        if (n + 4 <= room && !(word & 0x8080808080808080)) {
            // Four postings of one byte, or two where a count follows: no branch decides.
            unsigned used = 0;
            uint64_t next = cursor->next;
            for (int i = 0; i < 4; i++) {
                unsigned counted = !(word & 1);
                uint64_t chunk = next + (word >> 1 & 0x3F);
                chunks[n + i] = (uint32_t)chunk;
                counts[n + i] = 1 + (((uint32_t)(word >> 8 & 0x7F) + 1) & -counted);
                next = chunk + 1;
                used += 1 + counted;
                word >>= 8 << counted;
            }
            if (next > cursor->limit) return -1;
            cursor->next = next;
            cursor->at += used;
            n += 4;
            continue;
        }
        // One posting: a code of up to two bytes and a count of one.
        uint64_t low = word & 0xFF, high = word >> 8 & 0xFF;
        unsigned wide = (unsigned)(low >> 7);
        uint64_t code = (low & 0x7F) | (high << 7 & -(uint64_t)wide);
        unsigned counted = !(code & 1);
        uint64_t more = word >> (8 << wide) & 0xFF;
        if ((wide & high >> 7) | (counted & more >> 7)) {
            if (!decode_one(cursor, chunks + n, counts + n)) return -1;
            n++;
            continue;
        }
        if (code >> 1 >= cursor->limit - cursor->next) return -1;
        uint64_t chunk = cursor->next + (code >> 1);
        chunks[n] = (uint32_t)chunk;
        counts[n] = 1 + (((uint32_t)more + 1) & -counted);
        cursor->next = chunk + 1;
        cursor->at += 1 + wide + counted;
        n++;
    }
    return n;
}

int64_t mr_postings_decode(
    const mr_postings *postings, uint32_t *chunks, uint32_t *counts, size_t room) {
    cursor_t cursor = cursor_of(postings);
    int64_t count = decode(&cursor, chunks, counts, (int64_t)room);
    return cursor.at == cursor.end ? count : MR_POSTINGS_DAMAGED;
}

int64_t mr_postings_survey(
    const mr_postings *postings, const uint64_t *live_words, uint64_t *live, uint32_t *offsets,
    uint32_t *starts, size_t block_room) {
    uint32_t chunks[MR_POSTINGS_BLOCK], counts[MR_POSTINGS_BLOCK];
    cursor_t cursor = cursor_of(postings);
    int64_t total = 0;
    uint64_t living = 0;
    for (size_t block = 0; cursor.at < cursor.end; block++) {
        if (block < block_room) {
            offsets[block] = (uint32_t)(cursor.at - postings->bytes);
            starts[block] = (uint32_t)cursor.next;
        }
        int64_t count = decode(&cursor, chunks, counts, MR_POSTINGS_BLOCK);
        if (count < 0) return MR_POSTINGS_DAMAGED;
        if (live_words)
            for (int64_t i = 0; i < count; i++)
                living += live_words[chunks[i] / 64] >> chunks[i] % 64 & 1;
        total += count;
    }
    *live = live_words ? living : (uint64_t)total;
    return total;
}

// MARK: - Scores

// The operations and their order are the same here and in every path, one share at a time or many.
INLINE float share(const mr_posting_weight *weight, uint32_t count, uint32_t length) {
    float occurrences = (float)count;
    float norm = weight->base + weight->slope * (float)length;
    return weight->weight * occurrences / (occurrences + norm);
}

INLINE int64_t score_body(
    const mr_postings *postings, const mr_posting_weight *given, float *scores) {
    uint32_t chunks[MR_POSTINGS_BLOCK], counts[MR_POSTINGS_BLOCK], lengths[MR_POSTINGS_BLOCK];
    float shares[MR_POSTINGS_BLOCK];
    const mr_posting_weight weight = *given;
    cursor_t cursor = cursor_of(postings);
    int64_t total = 0;
    while (cursor.at < cursor.end) {
        int64_t count = decode(&cursor, chunks, counts, MR_POSTINGS_BLOCK);
        if (count < 0) return MR_POSTINGS_DAMAGED;
        for (int64_t i = 0; i < count; i++) lengths[i] = weight.lengths[chunks[i]];
        for (int64_t i = 0; i < count; i++) shares[i] = share(&weight, counts[i], lengths[i]);
        for (int64_t i = 0; i < count; i++) scores[chunks[i]] = scores[chunks[i]] + shares[i];
        total += count;
    }
    return total;
}

#if X86
TARGET_V3 static int64_t score_v3(
    const mr_postings *postings, const mr_posting_weight *weight, float *scores) {
    return score_body(postings, weight, scores);
}
TARGET_V4 static int64_t score_v4(
    const mr_postings *postings, const mr_posting_weight *weight, float *scores) {
    return score_body(postings, weight, scores);
}
#endif

int64_t mr_postings_score(
    int level, const mr_postings *postings, const mr_posting_weight *weight, float *scores) {
#if X86
    if (level >= MR_LEVEL_V4) return score_v4(postings, weight, scores);
    if (level >= MR_LEVEL_V3) return score_v3(postings, weight, scores);
#endif
    return score_body(postings, weight, scores);
}

int64_t mr_postings_probe(
    const mr_postings *postings, const mr_posting_weight *given, const uint32_t *offsets,
    const uint32_t *starts, size_t blocks, const uint32_t *rows, size_t row_count, float *scores) {
    uint32_t chunks[MR_POSTINGS_BLOCK], counts[MR_POSTINGS_BLOCK];
    const mr_posting_weight weight = *given;
    cursor_t cursor = cursor_of(postings);
    size_t row = 0, block = 0;
    while (row < row_count && (blocks ? block < blocks : cursor.at < cursor.end)) {
        if (blocks) {
            while (block + 1 < blocks && starts[block + 1] <= rows[row]) block++;
            if (offsets[block] > postings->byte_count) return MR_POSTINGS_DAMAGED;
            cursor.at = postings->bytes + offsets[block];
            cursor.next = starts[block];
            if (cursor.next > cursor.limit) return MR_POSTINGS_DAMAGED;
            block++;
        }
        int64_t count = decode(&cursor, chunks, counts, MR_POSTINGS_BLOCK);
        if (count < 0) return MR_POSTINGS_DAMAGED;
        if (count == 0) break;
        uint32_t last = chunks[count - 1];
        int64_t i = 0;
        while (row < row_count && rows[row] <= last) {
            while (chunks[i] < rows[row]) i++;
            if (chunks[i] == rows[row]) {
                float *score = scores + rows[row];
                *score = *score + share(&weight, counts[i], weight.lengths[chunks[i]]);
            }
            row++;
        }
        // Rows between the last chunk of this block and the first of the next are in neither.
    }
    return 0;
}

// MARK: - Terms

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
    uint64_t start, shared, own;
    if (!block_of(terms, number, &block)) return -1;
    if (!counted(&block.at, block.end, terms->postings_byte_count, &start)) return -1;
    if (!counted(&block.at, block.end, 0, &shared)) return -1;
    if (!counted(&block.at, block.end, terms->term_byte_count_max, &own)) return -1;
    if ((size_t)(block.end - block.at) < own) return -1;
    return compare(block.at, own, wanted, wanted_count) > 0;
}

static int find_in_block(
    const mr_terms *terms, size_t number, const uint8_t *wanted, size_t wanted_count,
    mr_term_entry *entry) {
    block_t block;
    uint64_t start;
    if (!block_of(terms, number, &block)) return -1;
    if (!counted(&block.at, block.end, terms->postings_byte_count, &start)) return -1;
    size_t rest = terms->term_count - number * terms->terms_per_block;
    if (rest > terms->terms_per_block) rest = terms->terms_per_block;
    // Invariant: the term before is below the wanted one and has `matched` first bytes of it.
    uint64_t matched = 0, before = 0;
    for (; rest > 0; rest--) {
        uint64_t shared, own, chunks, bytes;
        if (!counted(&block.at, block.end, before, &shared)) return -1;
        if (!counted(&block.at, block.end, terms->term_byte_count_max - shared, &own)) return -1;
        if ((size_t)(block.end - block.at) < own) return -1;
        const uint8_t *suffix = block.at;
        block.at += own;
        if (!counted(&block.at, block.end, UINT32_MAX, &chunks)) return -1;
        if (!counted(&block.at, block.end, terms->postings_byte_count - start, &bytes)) return -1;
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
                return 1;
            }
            if (same < own && (matched == wanted_count || suffix[same] > wanted[matched])) return 0;
        }
        before = shared + own;
        start += bytes;
    }
    return 0;
}

int mr_term_find(
    const mr_terms *terms, const uint8_t *wanted, size_t wanted_count, mr_term_entry *entry) {
    // The wanted term is in the last block whose first term is not above it.
    size_t low = 0, high = terms->block_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int above = first_is_above(terms, middle, wanted, wanted_count);
        if (above < 0) return -1;
        if (above) high = middle;
        else low = middle + 1;
    }
    return low == 0 ? 0 : find_in_block(terms, low - 1, wanted, wanted_count, entry);
}
