#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
    // Bytes behind the wanted ones that may be written too, whatever they are.
    MR_INFLATE_SLACK = 32,
    MR_INFLATE_DAMAGED = -1,
};

// Expands the first bytes of raw DEFLATE (RFC 1951) and reads no further than they need.
//
// `output` has room for `wanted` bytes and the slack. Gives how many of them there are: fewer where the stream ends
// before, MR_INFLATE_DAMAGED where it is none. Never reads or writes outside, whatever the input holds; it may take
// some streams that zlib refuses, so that who needs the right bytes looks at a hash.
int64_t mr_inflate_prefix(const uint8_t *input, size_t count, uint8_t *output, size_t wanted);
