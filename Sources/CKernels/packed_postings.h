#pragma once
#include "ckernels_postings.h"

#include <string.h>

// A block of 128 postings: an entry of a list's table, and a body.
//
// Values are packed in four lanes of 32-bit words, value i in lane i mod 4, so that plain code unpacks
// four at once. What does not fit the width has its upper bits, at most eight, among the exceptions.

enum { ENTRY_BYTES = 9, LANES = 4, HIGH_BITS = 8, WIDTH_MAX = 32 };

typedef uint32_t four_t __attribute__((vector_size(LANES * sizeof(uint32_t))));

typedef struct {
    // The last chunk of the block.
    uint32_t last;
    uint8_t gap_width, count_width;
    uint8_t gap_exceptions, count_exceptions;
    // No posting of the block gives more: see mr_postings_encode.
    uint8_t bound;
} entry_t;

static inline entry_t entry_at(const uint8_t *at) {
    entry_t entry = {0, at[4], at[5], at[6], at[7], at[8]};
    memcpy(&entry.last, at, sizeof entry.last);
    return entry;
}

static inline size_t body_byte_count(const entry_t *entry) {
    return (size_t)16 * entry->gap_width + (size_t)16 * entry->count_width
           + 2 * ((size_t)entry->gap_exceptions + entry->count_exceptions);
}

static inline int widths_are_sound(unsigned width, unsigned exceptions) {
    return exceptions ? width <= WIDTH_MAX - HIGH_BITS : width <= WIDTH_MAX;
}

static inline int entry_is_sound(const entry_t *entry) {
    return widths_are_sound(entry->gap_width, entry->gap_exceptions)
           && widths_are_sound(entry->count_width, entry->count_exceptions);
}

static inline void unpack(const uint8_t *bytes, unsigned width, uint32_t *values) {
    if (width == 0) {
        memset(values, 0, MR_POSTINGS_BLOCK * sizeof *values);
        return;
    }
    const uint32_t mask = width == 32 ? UINT32_MAX : ((uint32_t)1 << width) - 1;
    unsigned bit = 0;
    for (unsigned row = 0; row < MR_POSTINGS_BLOCK / LANES; row++, bit += width) {
        const unsigned word = bit / 32, shift = bit % 32;
        four_t low, high;
        memcpy(&low, bytes + 16 * word, sizeof low);
        low = low >> shift;
        if (shift + width > 32) {
            memcpy(&high, bytes + 16 * word + 16, sizeof high);
            low |= high << (32 - shift);
        }
        low &= mask;
        memcpy(values + LANES * row, &low, sizeof low);
    }
}

static inline void pack(const uint32_t *values, unsigned width, uint8_t *bytes) {
    if (width == 0) return;
    const uint32_t mask = width == 32 ? UINT32_MAX : ((uint32_t)1 << width) - 1;
    memset(bytes, 0, (size_t)16 * width);
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i++) {
        const unsigned bit = i / LANES * width, shift = bit % 32;
        uint8_t *at = bytes + 16 * (bit / 32) + 4 * (i % LANES);
        uint32_t word;
        memcpy(&word, at, sizeof word);
        word |= (values[i] & mask) << shift;
        memcpy(at, &word, sizeof word);
        if (shift + width > 32) {
            memcpy(&word, at + 16, sizeof word);
            word |= (values[i] & mask) >> (32 - shift);
            memcpy(at + 16, &word, sizeof word);
        }
    }
}

// Puts the upper bits in their places; 0 where the exceptions name none, or two times the same.
static inline int
patch(const uint8_t *exceptions, unsigned count, unsigned width, uint32_t *values) {
    int before = -1;
    for (unsigned i = 0; i < count; i++) {
        const int place = exceptions[2 * i];
        if (place <= before || place >= MR_POSTINGS_BLOCK) return 0;
        values[place] |= (uint32_t)exceptions[2 * i + 1] << width;
        before = place;
    }
    return 1;
}

// Writing.

static inline uint8_t *append_varint(uint8_t *at, uint64_t value) {
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

static inline unsigned bits_of(uint32_t value) { return value ? 32 - (unsigned)__builtin_clz(value) : 0; }

// The width that takes the fewest bytes with its exceptions, the least of equals.
static inline unsigned best_width(const uint32_t *values, unsigned *exceptions) {
    unsigned of_width[WIDTH_MAX + 1] = {0}, greatest = 0;
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i++) {
        const unsigned bits = bits_of(values[i]);
        of_width[bits]++;
        if (bits > greatest) greatest = bits;
    }
    unsigned best = greatest, wider = 0, cost = 16 * greatest;
    *exceptions = 0;
    for (unsigned width = greatest; width > 0 && greatest - (width - 1) <= HIGH_BITS; width--) {
        wider += of_width[width];
        const unsigned found = 16 * (width - 1) + 2 * wider;
        if (found > cost || width - 1 > WIDTH_MAX - HIGH_BITS) continue;
        cost = found;
        best = width - 1;
        *exceptions = wider;
    }
    return best;
}

static inline uint8_t *append_exceptions(uint8_t *at, const uint32_t *values, unsigned width) {
    if (width >= WIDTH_MAX) return at;
    for (unsigned i = 0; i < MR_POSTINGS_BLOCK; i++)
        if (values[i] >> width) {
            *at++ = (uint8_t)i;
            *at++ = (uint8_t)(values[i] >> width);
        }
    return at;
}
