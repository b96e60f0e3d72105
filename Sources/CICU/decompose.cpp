#include "cicu_decompose.h"

#include <unicode/unorm2.h>
#include <unicode/utf16.h>

extern "C" int32_t cicu_decompose(uint32_t code_point, uint32_t *scalars) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    if (U_FAILURE(status)) return -1;

    UChar units[2 * CICU_DECOMPOSITION_LIMIT];
    const int32_t length = unorm2_getDecomposition(
        nfd, static_cast<UChar32>(code_point), units, 2 * CICU_DECOMPOSITION_LIMIT, &status);
    if (U_FAILURE(status)) return -1;

    int32_t count = 0;
    for (int32_t index = 0; index < length;) {
        if (count == CICU_DECOMPOSITION_LIMIT) return -1;
        UChar32 scalar;
        U16_NEXT(units, index, length, scalar);
        scalars[count++] = static_cast<uint32_t>(scalar);
    }
    return count;
}
