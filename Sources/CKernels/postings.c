#include "ckernels_postings.h"
#include "ckernels_vectors.h"
#include "packed_postings.h"
#include "varint_postings.h"

// A fused multiply-add rounds once where two operations round twice: the bits would then depend on
// the processor.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define X86 1
#define TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define TARGET_V4 __attribute__((target("arch=x86-64-v4")))
#else
#define X86 0
#endif

// MARK: - Walking

int mr_cursor_open(mr_cursor *cursor, const mr_postings *postings) {
    cursor->list = *postings;
    cursor->block_count = postings->is_packed ? postings->count / MR_POSTINGS_BLOCK : 0;
    if (cursor->block_count > postings->byte_count / ENTRY_BYTES) return MR_POSTINGS_DAMAGED;
    cursor->block = 0;
    cursor->at = postings->bytes + cursor->block_count * ENTRY_BYTES;
    cursor->next = 0;
    cursor->left = postings->count;
    cursor->place = cursor->held = cursor->bound = 0;
    return 0;
}

// The entry of the next block that is not unpacked, its body within the list; 0 for damage.
INLINE int next_entry(const mr_cursor *cursor, entry_t *entry) {
    *entry = entry_at(cursor->list.bytes + cursor->block * ENTRY_BYTES);
    const size_t rest = (size_t)(cursor->list.bytes + cursor->list.byte_count - cursor->at);
    return entry_is_sound(entry) && body_byte_count(entry) <= rest
           && entry->last < cursor->list.chunk_limit && entry->last >= cursor->next;
}

INLINE void pass(mr_cursor *cursor, const entry_t *entry) {
    cursor->at += body_byte_count(entry);
    cursor->next = (uint64_t)entry->last + 1;
    cursor->left -= MR_POSTINGS_BLOCK;
    cursor->block++;
}

// Makes of 128 gaps the chunks that they lead to; 0 where they do not end at `last`.
INLINE int chunks_from_gaps(uint64_t next, uint32_t last, uint32_t *chunks) {
    uint64_t total = next + MR_POSTINGS_BLOCK - 1;
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i++) total += chunks[i];
    // Then no chunk before it is above it either, and 32 bits hold them all.
    if (total != last) return 0;
    const four_t steps = {0, 1, 2, 3}, zero = {0};
    four_t before = zero + (uint32_t)next;
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i += LANES) {
        four_t gaps;
        memcpy(&gaps, chunks + i, sizeof gaps);
        gaps += __builtin_shufflevector(zero, gaps, 0, 4, 5, 6);
        gaps += __builtin_shufflevector(zero, gaps, 0, 0, 4, 5);
        gaps += before + steps;
        memcpy(chunks + i, &gaps, sizeof gaps);
        before = __builtin_shufflevector(gaps, gaps, 3, 3, 3, 3) + 1;
    }
    return 1;
}

// Unpacks the block of this entry and goes behind it.
INLINE int unpack_block(mr_cursor *cursor, const entry_t *entry) {
    const uint8_t *counts = cursor->at + 16 * entry->gap_width;
    const uint8_t *exceptions = counts + 16 * entry->count_width;
    unpack(cursor->at, entry->gap_width, cursor->chunks);
    unpack(counts, entry->count_width, cursor->counts);
    if (!patch(exceptions, entry->gap_exceptions, entry->gap_width, cursor->chunks)) return 0;
    exceptions += 2 * entry->gap_exceptions;
    if (!patch(exceptions, entry->count_exceptions, entry->count_width, cursor->counts)) return 0;
    if (!chunks_from_gaps(cursor->next, entry->last, cursor->chunks)) return 0;
    int is_above = 0;
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i++) {
        is_above |= cursor->counts[i] == UINT32_MAX;
        cursor->counts[i]++;
    }
    if (is_above) return 0;
    pass(cursor, entry);
    cursor->place = 0;
    cursor->held = MR_POSTINGS_BLOCK;
    cursor->bound = entry->bound;
    return 1;
}

// Decodes the next postings that are not packed.
INLINE int decode_some(mr_cursor *cursor) {
    cursor_t varints = {
        cursor->at, cursor->list.bytes + cursor->list.byte_count, cursor->next,
        cursor->list.chunk_limit};
    const int64_t room = cursor->left < MR_POSTINGS_BLOCK ? (int64_t)cursor->left : MR_POSTINGS_BLOCK;
    const int64_t count = decode(&varints, cursor->chunks, cursor->counts, room);
    if (count != room) return 0;
    cursor->at = varints.at;
    cursor->next = varints.next;
    cursor->left -= (size_t)count;
    // The last posting ends the list.
    if (cursor->left == 0 && varints.at != varints.end) return 0;
    cursor->place = 0;
    cursor->held = (uint32_t)count;
    cursor->bound = MR_POSTINGS_BOUND_MAX;
    return 1;
}

// Unpacks what comes next: 1, 0 behind the end, -1 for damage.
INLINE int load(mr_cursor *cursor) {
    cursor->held = cursor->place = 0;
    if (cursor->left == 0)
        return cursor->at == cursor->list.bytes + cursor->list.byte_count ? 0 : -1;
    if (cursor->block == cursor->block_count) return decode_some(cursor) ? 1 : -1;
    entry_t entry;
    return next_entry(cursor, &entry) && unpack_block(cursor, &entry) ? 1 : -1;
}

// Goes to the unpacked postings, or to the packed block, whose last chunk is not below `row`. Gives 1 where
// postings are held, 2 with the entry of a block that is packed, 0 behind the end, -1 for damage.
INLINE int seek(mr_cursor *cursor, uint32_t row, entry_t *entry) {
    while (1) {
        if (cursor->held) {
            if (cursor->chunks[cursor->held - 1] >= row) return 1;
            cursor->held = 0;
        }
        if (cursor->block < cursor->block_count) {
            if (!next_entry(cursor, entry)) return -1;
            if (entry->last >= row) return 2;
            pass(cursor, entry);
            continue;
        }
        const int found = load(cursor);
        if (found <= 0) return found;
    }
}

// MARK: - Whole lists

int64_t mr_postings_decode(const mr_postings *postings, uint32_t *chunks, uint32_t *counts) {
    mr_cursor cursor;
    if (mr_cursor_open(&cursor, postings)) return MR_POSTINGS_DAMAGED;
    size_t count = 0;
    int found;
    while ((found = load(&cursor)) > 0) {
        memcpy(chunks + count, cursor.chunks, cursor.held * sizeof *chunks);
        memcpy(counts + count, cursor.counts, cursor.held * sizeof *counts);
        count += cursor.held;
    }
    return found < 0 ? MR_POSTINGS_DAMAGED : (int64_t)count;
}

int mr_postings_live(const mr_postings *postings, const uint64_t *live_words, uint64_t *live) {
    mr_cursor cursor;
    if (mr_cursor_open(&cursor, postings)) return MR_POSTINGS_DAMAGED;
    uint64_t living = 0;
    int found;
    while ((found = load(&cursor)) > 0)
        for (uint32_t i = 0; i < cursor.held; i++)
            living += live_words[cursor.chunks[i] / 64] >> cursor.chunks[i] % 64 & 1;
    *live = living;
    return found < 0 ? MR_POSTINGS_DAMAGED : 0;
}

// MARK: - Scores

int mr_cursor_bound(mr_cursor *cursor, uint32_t start, uint32_t end) {
    entry_t entry;
    const int found = seek(cursor, start, &entry);
    if (found < 0) return MR_POSTINGS_DAMAGED;
    if (found == 0) return 0;
    unsigned bound = 0;
    if (found == 1) {
        uint32_t place = cursor->place;
        while (cursor->chunks[place] < start) place++;
        cursor->place = place;
        if (cursor->chunks[place] >= end) return 0;
        bound = cursor->bound;
    }
    // Blocks to come, as far as their chunks may lie before the end; what is behind them is not packed.
    uint64_t next = cursor->next;
    for (size_t block = cursor->block; block < cursor->block_count && next < end; block++) {
        entry = entry_at(cursor->list.bytes + block * ENTRY_BYTES);
        if (entry.bound > bound) bound = entry.bound;
        next = (uint64_t)entry.last + 1;
    }
    const size_t packed = (cursor->block_count - cursor->block) * MR_POSTINGS_BLOCK;
    return next < end && cursor->left > packed ? MR_POSTINGS_BOUND_MAX : (int)bound;
}

// The operations and their order are the same here and in every path, one share at a time or many.
INLINE float share(const mr_posting_weight *weight, uint32_t count, uint32_t length) {
    float occurrences = (float)count;
    float norm = weight->base + weight->slope * (float)length;
    return weight->weight * occurrences / (occurrences + norm);
}

INLINE int score_body(
    mr_cursor *cursor, const mr_posting_weight *given, uint32_t start, uint32_t end,
    float *scores) {
    uint32_t lengths[MR_POSTINGS_BLOCK];
    float shares[MR_POSTINGS_BLOCK];
    const mr_posting_weight weight = *given;
    while (1) {
        entry_t entry;
        int found = seek(cursor, start, &entry);
        if (found == 2) {
            // All of its chunks are above those before it.
            if (cursor->next >= end) return 0;
            found = unpack_block(cursor, &entry) ? 1 : -1;
        }
        if (found <= 0) return found;
        uint32_t first = cursor->place, last = cursor->held;
        while (cursor->chunks[first] < start) first++;
        if (cursor->chunks[last - 1] >= end) {
            last = first;
            while (cursor->chunks[last] < end) last++;
        }
        const uint32_t *chunks = cursor->chunks + first, *counts = cursor->counts + first;
        const uint32_t count = last - first;
        for (uint32_t i = 0; i < count; i++) lengths[i] = weight.lengths[chunks[i]];
        for (uint32_t i = 0; i < count; i++) shares[i] = share(&weight, counts[i], lengths[i]);
        for (uint32_t i = 0; i < count; i++)
            scores[chunks[i] - start] = scores[chunks[i] - start] + shares[i];
        cursor->place = last;
        if (last < cursor->held) return 0;
        cursor->held = 0;
    }
}

#if X86
TARGET_V3 static int score_v3(
    mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start, uint32_t end,
    float *scores) {
    return score_body(cursor, weight, start, end, scores);
}
TARGET_V4 static int score_v4(
    mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start, uint32_t end,
    float *scores) {
    return score_body(cursor, weight, start, end, scores);
}
#endif

int mr_cursor_score(
    int level, mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start, uint32_t end,
    float *scores) {
#if X86
    if (level >= MR_LEVEL_V4) return score_v4(cursor, weight, start, end, scores);
    if (level >= MR_LEVEL_V3) return score_v3(cursor, weight, start, end, scores);
#endif
    return score_body(cursor, weight, start, end, scores);
}

INLINE int probe_body(
    mr_cursor *cursor, const mr_posting_weight *given, uint32_t start, const uint32_t *rows,
    size_t row_count, float least, float scale, float *scores) {
    const mr_posting_weight weight = *given;
    size_t row = 0;
    while (row < row_count) {
        entry_t entry;
        int found = seek(cursor, start + rows[row], &entry);
        if (found == 2) {
            const float needed = least - scale * (float)entry.bound;
            size_t behind = row;
            int is_wanted = 0;
            for (; behind < row_count && start + rows[behind] <= entry.last; behind++)
                is_wanted |= scores[rows[behind]] >= needed;
            if (!is_wanted) {
                row = behind;
                continue;
            }
            found = unpack_block(cursor, &entry) ? 1 : -1;
        }
        if (found <= 0) return found;
        uint32_t place = cursor->place;
        const uint32_t last = cursor->chunks[cursor->held - 1];
        for (; row < row_count && start + rows[row] <= last; row++) {
            const uint32_t chunk = start + rows[row];
            while (cursor->chunks[place] < chunk) place++;
            if (cursor->chunks[place] == chunk) {
                float *score = scores + rows[row];
                *score = *score + share(&weight, cursor->counts[place], weight.lengths[chunk]);
            }
        }
        // The window after this one may still want what stands behind its last row.
        cursor->place = place;
    }
    return 0;
}

#if X86
TARGET_V3 static int probe_v3(
    mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start, const uint32_t *rows,
    size_t row_count, float least, float scale, float *scores) {
    return probe_body(cursor, weight, start, rows, row_count, least, scale, scores);
}
TARGET_V4 static int probe_v4(
    mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start, const uint32_t *rows,
    size_t row_count, float least, float scale, float *scores) {
    return probe_body(cursor, weight, start, rows, row_count, least, scale, scores);
}
#endif

int mr_cursor_probe(
    int level, mr_cursor *cursor, const mr_posting_weight *weight, uint32_t start,
    const uint32_t *rows, size_t row_count, float least, float scale, float *scores) {
#if X86
    if (level >= MR_LEVEL_V4)
        return probe_v4(cursor, weight, start, rows, row_count, least, scale, scores);
    if (level >= MR_LEVEL_V3)
        return probe_v3(cursor, weight, start, rows, row_count, least, scale, scores);
#endif
    return probe_body(cursor, weight, start, rows, row_count, least, scale, scores);
}
