#include "ckernels_postings.h"
#include "packed_postings.h"

// The bytes of a file must not depend on the processor.
#pragma STDC FP_CONTRACT OFF

static uint8_t bound_of(
    const uint32_t *chunks, const uint32_t *counts, const mr_bounds *bounds) {
    double greatest = 0;
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i++) {
        const double count = counts[i];
        double value = count;
        if (bounds->lengths) {
            const double norm = 0.3 + 0.9 / bounds->average * (double)bounds->lengths[chunks[i]];
            value = 255 * (count / (count + norm));
        }
        if (value > greatest) greatest = value;
    }
    if (greatest >= 255) return 255;
    const uint8_t whole = (uint8_t)greatest;
    return whole < greatest ? whole + 1 : whole;
}

static uint8_t *append_block(
    uint8_t *entry, uint8_t *body, const uint32_t *chunks, const uint32_t *counts, int64_t previous,
    const mr_bounds *bounds) {
    uint32_t gaps[MR_POSTINGS_BLOCK], more[MR_POSTINGS_BLOCK];
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i++) {
        gaps[i] = (uint32_t)(chunks[i] - previous - 1);
        previous = chunks[i];
        more[i] = counts[i] - 1;
    }
    unsigned gap_exceptions, count_exceptions;
    const unsigned gap_width = best_width(gaps, &gap_exceptions);
    const unsigned count_width = best_width(more, &count_exceptions);
    const uint32_t last = chunks[MR_POSTINGS_BLOCK - 1];
    memcpy(entry, &last, sizeof last);
    entry[4] = (uint8_t)gap_width;
    entry[5] = (uint8_t)count_width;
    entry[6] = (uint8_t)gap_exceptions;
    entry[7] = (uint8_t)count_exceptions;
    entry[8] = bound_of(chunks, counts, bounds);
    pack(gaps, gap_width, body);
    body += 16 * gap_width;
    pack(more, count_width, body);
    body += 16 * count_width;
    return append_exceptions(append_exceptions(body, gaps, gap_width), more, count_width);
}

size_t mr_postings_room(size_t count) {
    const size_t body_max = 2 * 16 * WIDTH_MAX;
    return count / MR_POSTINGS_BLOCK * (ENTRY_BYTES + body_max) + count % MR_POSTINGS_BLOCK * 10;
}

size_t mr_postings_encode(
    const uint32_t *chunks, const uint32_t *counts, size_t count, const mr_bounds *bounds,
    uint8_t *bytes) {
    const size_t blocks = count / MR_POSTINGS_BLOCK;
    uint8_t *at = bytes + blocks * ENTRY_BYTES;
    int64_t previous = -1;
    for (size_t block = 0; block < blocks; block++) {
        const size_t first = block * MR_POSTINGS_BLOCK;
        at = append_block(
            bytes + block * ENTRY_BYTES, at, chunks + first, counts + first, previous, bounds);
        previous = chunks[first + MR_POSTINGS_BLOCK - 1];
    }
    for (size_t i = blocks * MR_POSTINGS_BLOCK; i < count; i++) {
        const uint64_t gap = (uint64_t)(chunks[i] - previous - 1);
        at = append_varint(at, gap << 1 | (counts[i] == 1));
        if (counts[i] != 1) at = append_varint(at, (uint64_t)counts[i] - 2);
        previous = chunks[i];
    }
    return (size_t)(at - bytes);
}
