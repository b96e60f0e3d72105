#include "include/cicu_normalise.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <climits>

namespace {

int64_t normalise(const icu::Normalizer2 *form, const uint8_t *input, size_t count,
                  uint8_t *output, size_t capacity) {
    if (form == nullptr || count > static_cast<size_t>(INT32_MAX)) return -1;
    if (count == 0) return 0;
    const int32_t room = static_cast<int32_t>(std::min<size_t>(capacity, INT32_MAX));
    icu::CheckedArrayByteSink sink(reinterpret_cast<char *>(output), room);
    UErrorCode status = U_ZERO_ERROR;
    form->normalizeUTF8(
        0,
        icu::StringPiece(reinterpret_cast<const char *>(input), static_cast<int32_t>(count)),
        sink, nullptr, status);
    if (U_FAILURE(status)) return -1;
    return sink.NumberOfBytesAppended();
}

const icu::Normalizer2 *composed() {
    // ICU owns and shares the instance; a static local makes the look-up once, thread-safely.
    static const icu::Normalizer2 *const form = [] {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Normalizer2 *instance = icu::Normalizer2::getNFCInstance(status);
        return U_SUCCESS(status) ? instance : nullptr;
    }();
    return form;
}

const icu::Normalizer2 *decomposed() {
    static const icu::Normalizer2 *const form = [] {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Normalizer2 *instance = icu::Normalizer2::getNFDInstance(status);
        return U_SUCCESS(status) ? instance : nullptr;
    }();
    return form;
}

}  // namespace

extern "C" int64_t cicu_nfc_utf8(const uint8_t *input, size_t count, uint8_t *output,
                                 size_t capacity) {
    return normalise(composed(), input, count, output, capacity);
}

extern "C" int64_t cicu_nfd_utf8(const uint8_t *input, size_t count, uint8_t *output,
                                 size_t capacity) {
    return normalise(decomposed(), input, count, output, capacity);
}

extern "C" int32_t cicu_general_category(uint32_t code_point) {
    return u_charType(static_cast<UChar32>(code_point));
}

extern "C" uint32_t cicu_simple_lowercase(uint32_t code_point) {
    return static_cast<uint32_t>(u_tolower(static_cast<UChar32>(code_point)));
}

extern "C" int32_t cicu_is_nfc_plain(uint32_t code_point) {
    const UChar32 c = static_cast<UChar32>(code_point);
    return u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) == UNORM_YES
        && u_getCombiningClass(c) == 0;
}

extern "C" int32_t cicu_combining_class(uint32_t code_point) {
    return u_getCombiningClass(static_cast<UChar32>(code_point));
}

extern "C" int32_t cicu_is_pictographic(uint32_t code_point) {
    return u_hasBinaryProperty(static_cast<UChar32>(code_point), UCHAR_EXTENDED_PICTOGRAPHIC);
}
