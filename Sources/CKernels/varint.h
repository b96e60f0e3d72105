#pragma once
#include <stdint.h>

// Unsigned LEB128: seven bits a byte, lowest first.

#define INLINE static inline __attribute__((always_inline))

// 0 where the bytes end before the number does.
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
