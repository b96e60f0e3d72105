#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "CPoppler.h"

#include "document.hpp"
#include "unicode.hpp"
#include "versions.hpp"

#include <poppler/Catalog.h>
#include <poppler/Error.h>
#include <poppler/ErrorCodes.h>
#include <poppler/GlobalParams.h>
#include <poppler/Outline.h>
#include <poppler/UTF.h>
#include <poppler/goo/GooString.h>
#include <poppler/poppler-config.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace {

using cpoppler::put_utf8;

void discard(ErrorCategory, Goffset, const char *) {}

char *copied(const std::string &text, size_t *length) {
    char *copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (!copy) return nullptr;
    std::memcpy(copy, text.c_str(), text.size() + 1);
    *length = text.size();
    return copy;
}

std::string utf8(const GooString &source) {
    std::string text;
    for (const Unicode c : cpoppler::characters(source.toStr())) put_utf8(text, c);
    return text;
}

void add_outline(
    std::string &out, const std::vector<OutlineItem *> *items, int depth, size_t &left) {
    if (!items || depth > 16) return;
    for (OutlineItem *item : *items) {
        if (left == 0) return;
        left--;
        out += std::to_string(depth);
        out += '\t';
        for (const Unicode c : cpoppler::title(*item)) put_utf8(out, c < 0x20 ? ' ' : c);
        out += '\n';
        item->open();
        add_outline(out, item->getKids(), depth + 1, left);
    }
}

std::unique_ptr<PDFDoc> opened(const uint8_t *bytes, size_t length, const char *password) {
    /* PDFDoc owns the stream; poppler does not write to the buffer. */
    auto *stream = new MemStream(
        const_cast<char *>(reinterpret_cast<const char *>(bytes)), 0,
        static_cast<Goffset>(length), Object(objNull));
    if (!password) return std::make_unique<PDFDoc>(stream);
    const std::optional<GooString> word(std::in_place, password);
    return std::make_unique<PDFDoc>(stream, word, word);
}

}  // namespace

extern "C" void cpoppler_prepare(void) {
    static std::once_flag once;
    std::call_once(once, [] {
        /* Held for the life of the process. */
        static const GlobalParamsIniter *const parameters = new GlobalParamsIniter(discard);
        (void)parameters;
    });
}

extern "C" cpoppler_document *cpoppler_open(
    const uint8_t *bytes, size_t length,
    const char *const *passwords, size_t password_count,
    int *status) {
    *status = CPOPPLER_UNREADABLE;
    if (length == 0 || length > INT_MAX) return nullptr;
    try {
        auto result = std::make_unique<cpoppler_document>();
        result->document = opened(bytes, length, nullptr);
        for (size_t i = 0; i < password_count && !result->document->isOk()
             && result->document->getErrorCode() == errEncrypted; i++)
            result->document = opened(bytes, length, passwords[i]);
        if (!result->document->isOk()) {
            if (result->document->getErrorCode() == errEncrypted) *status = CPOPPLER_LOCKED;
            return nullptr;
        }
        result->fonts = std::make_unique<cpoppler::Fonts>(result->document->getXRef());
        const Object catalog = result->document->getXRef()->getCatalog();
        result->has_articles = catalog.isDict() && !catalog.getDict()->lookupNF("Threads").isNull();
        *status = CPOPPLER_OK;
        return result.release();
    } catch (...) {
        *status = CPOPPLER_FAILED;
        return nullptr;
    }
}

extern "C" void cpoppler_close(cpoppler_document *document) {
    delete document;
}

extern "C" int cpoppler_page_count(const cpoppler_document *document) {
    try {
        return document->document->getNumPages();
    } catch (...) {
        return 0;
    }
}

extern "C" char *cpoppler_info(cpoppler_document *document, const char *key, size_t *length) {
    *length = 0;
    try {
        const std::unique_ptr<GooString> value = document->document->getDocInfoStringEntry(key);
        if (!value || value->getLength() == 0) return nullptr;
        return copied(utf8(*value), length);
    } catch (...) {
        return nullptr;
    }
}

extern "C" char *cpoppler_page_label(
    cpoppler_document *document, int index, size_t *length) {
    *length = 0;
    try {
        GooString label;
        Catalog *catalog = document->document->getCatalog();
        if (!catalog || !catalog->indexToLabel(index, &label)) return nullptr;
        return copied(utf8(label), length);
    } catch (...) {
        return nullptr;
    }
}

extern "C" char *cpoppler_outline(
    cpoppler_document *document, size_t entry_limit, size_t *length) {
    *length = 0;
    try {
        Outline *outline = document->document->getOutline();
        if (!outline) return nullptr;
        std::string text;
        size_t left = entry_limit;
        add_outline(text, outline->getItems(), 1, left);
        return text.empty() ? nullptr : copied(text, length);
    } catch (...) {
        return nullptr;
    }
}

extern "C" void cpoppler_free_text(char *text) {
    std::free(text);
}

extern "C" const cpoppler_door *cpoppler_private_door(void) {
    static const cpoppler_door door = {
        "poppler's private headers",
        [] { return POPPLER_VERSION; },
        cpoppler_prepare,
        cpoppler_open,
        cpoppler_close,
        cpoppler_page_count,
        cpoppler_read_page,
        cpoppler_view,
        cpoppler_free_page,
        cpoppler_info,
        cpoppler_page_label,
        cpoppler_outline,
        cpoppler_read_structure,
    };
    return &door;
}

#else

#include "CPoppler.h"

extern "C" const cpoppler_door *cpoppler_private_door(void) { return nullptr; }

#endif
