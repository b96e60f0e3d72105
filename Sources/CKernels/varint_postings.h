#pragma once
#include "varint.h"

#include <string.h>

// Postings that are not packed: the few behind the last whole block, and all of files before format 5.

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
    // The least chunk that the next posting may name.
    uint64_t next;
    uint64_t limit;
} cursor_t;

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
