#include "include/cicu_words.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <climits>
#include <memory>

namespace {

struct CloseIterator {
    void operator()(UBreakIterator *iterator) const { ubrk_close(iterator); }
};
struct CloseText {
    void operator()(UText *text) const { utext_close(text); }
};

// Opening reads the rules; an iterator serves one thread at a time.
UBreakIterator *wordIterator() {
    thread_local const std::unique_ptr<UBreakIterator, CloseIterator> iterator = [] {
        UErrorCode status = U_ZERO_ERROR;
        UBreakIterator *opened = ubrk_open(UBRK_WORD, "", nullptr, 0, &status);
        return std::unique_ptr<UBreakIterator, CloseIterator>(
            U_SUCCESS(status) ? opened : nullptr);
    }();
    return iterator.get();
}

}  // namespace

ptrdiff_t cicu_word_breaks(const uint8_t *text, size_t length, int32_t *breaks, size_t capacity) {
    if (length > static_cast<size_t>(INT32_MAX)) return -1;
    UBreakIterator *iterator = wordIterator();
    if (iterator == nullptr) return -1;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UText, CloseText> source(utext_openUTF8(
        nullptr, reinterpret_cast<const char *>(text), static_cast<int64_t>(length), &status));
    if (U_FAILURE(status)) return -1;
    ubrk_setUText(iterator, source.get(), &status);
    if (U_FAILURE(status)) return -1;
    size_t count = 0;
    int32_t position = ubrk_first(iterator);
    while (count < capacity && (position = ubrk_next(iterator)) != UBRK_DONE) {
        if (static_cast<size_t>(position) >= length) break;
        breaks[count++] = position;
    }
    // The iterator outlives the text: it must not point at it.
    UErrorCode ignored = U_ZERO_ERROR;
    ubrk_setText(iterator, nullptr, 0, &ignored);
    return static_cast<ptrdiff_t>(count);
}
