#ifndef CICU_DECOMPOSE_H
#define CICU_DECOMPOSE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CICU_DECOMPOSITION_LIMIT = 4 };

/// Writes the full canonical decomposition (NFD) of one code point to `scalars`, which has room
/// for CICU_DECOMPOSITION_LIMIT values. No code point of Unicode decomposes into more.
///
/// Returns how many were written, 0 when the code point does not decompose, -1 when ICU fails.
int32_t cicu_decompose(uint32_t code_point, uint32_t *scalars);

#ifdef __cplusplus
}
#endif

#endif
