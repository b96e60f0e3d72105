#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Canonical composition (NFC) of UTF-8 text, UAX #15. Ill-formed bytes become U+FFFD.
///
/// Writes at most `capacity` bytes to `output` and returns the byte count of the whole result:
/// when that exceeds `capacity`, `output` holds a prefix and the caller calls again with room.
/// Returns -1 when ICU reports an error or `count` is over INT32_MAX.
int64_t cicu_nfc_utf8(const uint8_t *input, size_t count, uint8_t *output, size_t capacity);

/// Canonical decomposition (NFD) of UTF-8 text; the contract is that of `cicu_nfc_utf8`.
int64_t cicu_nfd_utf8(const uint8_t *input, size_t count, uint8_t *output, size_t capacity);

/// The Unicode general category of a code point, as ICU's `UCharCategory`:
/// 0 Cn, 1 Lu, 2 Ll, 3 Lt, 4 Lm, 5 Lo, 6 Mn, 7 Me, 8 Mc, 9 Nd, 10 Nl, 11 No, 12 Zs, 13 Zl, 14 Zp,
/// 15 Cc, 16 Cf, 17 Co, 18 Cs, 19 Pd, 20 Ps, 21 Pe, 22 Pc, 23 Po, 24 Sm, 25 Sc, 26 Sk, 27 So,
/// 28 Pi, 29 Pf.
int32_t cicu_general_category(uint32_t code_point);

/// Simple (one to one) lower case of a code point.
uint32_t cicu_simple_lowercase(uint32_t code_point);

/// 1 when text made only of such code points is in NFC: quick check "yes" and combining class 0.
int32_t cicu_is_nfc_plain(uint32_t code_point);

/// The canonical combining class of a code point, 0 to 254.
int32_t cicu_combining_class(uint32_t code_point);

/// 1 when the code point is Extended_Pictographic (UTS #51).
int32_t cicu_is_pictographic(uint32_t code_point);

#ifdef __cplusplus
}
#endif
