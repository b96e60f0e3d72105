#include "include/cicu_convert.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ucsdet.h>

#include <cstring>
#include <memory>

namespace {

struct CloseConverter {
    void operator()(UConverter *converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

struct CloseDetector {
    void operator()(UCharsetDetector *detector) const { ucsdet_close(detector); }
};

Converter open(const char *name) {
    UErrorCode status = U_ZERO_ERROR;
    Converter converter(ucnv_open(name, &status));
    return U_SUCCESS(status) ? std::move(converter) : nullptr;
}

/// Counts what is replaced, then lets ICU write U+FFFD.
void substitute(const void *context, UConverterToUnicodeArgs *arguments, const char *bytes,
                int32_t length, UConverterCallbackReason reason, UErrorCode *status) {
    if (reason <= UCNV_IRREGULAR) {
        *static_cast<size_t *>(const_cast<void *>(context)) += 1;
    }
    UCNV_TO_U_CALLBACK_SUBSTITUTE(nullptr, arguments, bytes, length, reason, status);
}

}  // namespace

int cicu_has_converter(const char *charset) { return open(charset) != nullptr; }

ptrdiff_t cicu_convert(const char *charset, const char *bytes, size_t length, char *output,
                       size_t capacity, size_t *replaced) {
    Converter source = open(charset);
    Converter target = open("UTF-8");
    if (!source || !target) {
        return -1;
    }
    size_t count = 0;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_setToUCallBack(source.get(), substitute, &count, nullptr, nullptr, &status);
    UChar pivot[4096];
    UChar *pivotSource = pivot;
    UChar *pivotTarget = pivot;
    const char *from = bytes;
    char *to = output;
    ucnv_convertEx(target.get(), source.get(), &to, output + capacity, &from, bytes + length, pivot,
                   &pivotSource, &pivotTarget, pivot + 4096, true, true, &status);
    if (U_FAILURE(status)) {
        return -1;
    }
    *replaced = count;
    return to - output;
}

int cicu_detect(const char *bytes, size_t length, char *name, size_t nameCapacity) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&status));
    if (U_FAILURE(status)) {
        return -1;
    }
    ucsdet_enableInputFilter(detector.get(), true);
    ucsdet_setText(detector.get(), bytes, static_cast<int32_t>(length), &status);
    const UCharsetMatch *match = ucsdet_detect(detector.get(), &status);
    if (U_FAILURE(status) || match == nullptr) {
        return -1;
    }
    const char *found = ucsdet_getName(match, &status);
    int32_t confidence = ucsdet_getConfidence(match, &status);
    if (U_FAILURE(status) || std::strlen(found) >= nameCapacity) {
        return -1;
    }
    std::strcpy(name, found);
    return confidence;
}
