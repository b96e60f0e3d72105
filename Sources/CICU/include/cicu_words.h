#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Finds the word boundaries of UTF-8 text (UAX #29; scripts without blanks by ICU's dictionaries).
///
/// Writes byte offsets, ascending, without 0 and `length`, as many as fit `capacity`. Returns how
/// many were written, or -1 when ICU fails or `length` is over INT32_MAX.
ptrdiff_t cicu_word_breaks(const uint8_t *text, size_t length, int32_t *breaks, size_t capacity);

#ifdef __cplusplus
}
#endif
