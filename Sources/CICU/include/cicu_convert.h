#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether ICU has a converter of this name.
int cicu_has_converter(const char *charset);

/// Converts `length` bytes of the named charset to UTF-8.
/// Malformed and unmapped sequences become U+FFFD and are counted in `replaced`.
/// Returns the bytes written, or -1 where the charset is unknown or `capacity` is too small.
ptrdiff_t cicu_convert(const char *charset, const char *bytes, size_t length, char *output,
                       size_t capacity, size_t *replaced);

/// Guesses the charset of the bytes by their statistics; markup is ignored where there is any.
/// Writes its name, terminated, and returns a confidence of 0 to 100, or -1 without a guess.
int cicu_detect(const char *bytes, size_t length, char *name, size_t nameCapacity);

#ifdef __cplusplus
}
#endif
