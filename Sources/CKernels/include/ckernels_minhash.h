#pragma once

#include <stddef.h>
#include <stdint.h>

/// How many hash functions one call evaluates; callers that need fewer ignore the last ones.
#define CK_MINHASH_LANES 128

/// minimums[k] = min(minimums[k], multipliers[k] * hashes[i] + addends[k] mod 2^32) for every i.
///
/// `multipliers`, `addends` and `minimums` hold CK_MINHASH_LANES values each. The result does not
/// depend on the processor: all arithmetic is on 32-bit integers.
void ck_minhash_minimums(
    const uint32_t *hashes,
    size_t count,
    const uint32_t *multipliers,
    const uint32_t *addends,
    uint32_t *minimums
);
