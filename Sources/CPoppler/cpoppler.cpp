#include "CPoppler.h"

#include <poppler/poppler-config.h>
#include <poppler/Error.h>
#include <poppler/ErrorCodes.h>
#include <poppler/GlobalParams.h>
#include <poppler/Outline.h>
#include <poppler/PDFDoc.h>
#include <poppler/Page.h>
#include <poppler/TextOutputDev.h>
#include <poppler/UTF.h>
#include <poppler/goo/GooString.h>

#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct cpoppler_document {
    std::unique_ptr<PDFDoc> document;
};

struct cpoppler_page {
    std::vector<cpoppler_word> words;
    std::string text;
    std::string fonts;
    double width = 0, height = 0;
    int image_only = 0;
};

namespace {

void discard(ErrorCategory, Goffset, const char *) {}

void put_utf8(std::string &out, uint32_t c) {
    if ((c >= 0xD800 && c < 0xE000) || c > 0x10FFFF) c = 0xFFFD;
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

char *copied(const std::string &text, size_t *length) {
    char *copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (!copy) return nullptr;
    std::memcpy(copy, text.c_str(), text.size() + 1);
    *length = text.size();
    return copy;
}

/* "ABCDEF+Name" is "Name": the prefix only says that the font is a subset. */
std::string without_subset_prefix(const std::string &name) {
    if (name.size() <= 7 || name[6] != '+') return name;
    for (int i = 0; i < 6; i++)
        if (name[i] < 'A' || name[i] > 'Z') return name;
    return name.substr(7);
}

bool is_right_to_left(Unicode c) {
    return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF)
        || (c >= 0xFE70 && c <= 0xFEFC);
}

bool is_right_to_left_mark(Unicode c) {
    return (c >= 0x0591 && c <= 0x05C7 && c != 0x05BE && c != 0x05C0 && c != 0x05C3 && c != 0x05C6)
        || (c >= 0x064B && c <= 0x065F) || c == 0x0670;
}

struct limit_reached {};

/* TextOutputDev that stops at limits, so that a page of nested forms ends. */
class Reader : public TextOutputDev {
public:
    explicit Reader(cpoppler_limits limits)
        : TextOutputDev(nullptr, false, 0, false, false), limits(limits) {}

    void drawChar(
        GfxState *state, double x, double y, double dx, double dy, double originX,
        double originY, CharCode code, int nBytes, const Unicode *u, int uLen) override {
        if (++glyphs > limits.glyphs) return;
        if (uLen == 1 && is_right_to_left_mark(u[0]) && dx == 0 && dy == 0) {
            flush_mark();
            mark = {true, state, x, y, originX, originY, code, nBytes, u[0]};
            return;
        }
        if (uLen < 1 || uLen > 8 || !is_right_to_left(u[0])) {
            flush_mark();
            TextOutputDev::drawChar(state, x, y, dx, dy, originX, originY, code, nBytes, u, uLen);
            return;
        }
        /* Words are kept as printed, from left to right. A ligature's letters come in reading
           order, so they are turned; a mark comes before the letter it stands on. */
        const bool stands = mark.held && mark.x >= x && mark.x <= x + dx && mark.y == y;
        if (!stands) flush_mark();
        Unicode turned[9];
        int count = 0;
        if (stands) turned[count++] = mark.character;
        mark.held = false;
        for (int i = uLen - 1; i >= 0; i--) turned[count++] = u[i];
        TextOutputDev::drawChar(
            state, x, y, dx, dy, originX, originY, code, nBytes, turned, count);
    }

    void endString(GfxState *state) override {
        flush_mark();
        TextOutputDev::endString(state);
    }

    /* poppler's stop callback never sees forms that only draw forms, so those are counted here.
       Unwinding leaks the page's interpreter, which is bounded by the limit. */
    void beginForm(Ref) override {
        if (++forms > limits.forms) throw limit_reached();
    }

    bool cut() const {
        return glyphs > limits.glyphs || operators > limits.operators || forms > limits.forms;
    }

    /* poppler asks after about ten operators. */
    static bool should_stop(void *self) {
        auto *reader = static_cast<Reader *>(self);
        reader->operators += 10;
        return reader->cut();
    }

private:
    struct Mark {
        bool held = false;
        GfxState *state = nullptr;
        double x = 0, y = 0, originX = 0, originY = 0;
        CharCode code = 0;
        int nBytes = 0;
        Unicode character = 0;
    };

    void flush_mark() {
        if (!mark.held) return;
        mark.held = false;
        TextOutputDev::drawChar(
            mark.state, mark.x, mark.y, 0, 0, mark.originX, mark.originY, mark.code, mark.nBytes,
            &mark.character, 1);
    }

    /* A mark without width, until the letter it stands on is known. */
    Mark mark;
    const cpoppler_limits limits;
    size_t glyphs = 0;
    size_t operators = 0;
    size_t forms = 0;
};

uint8_t fixed_pitch(const TextWord &word) {
    double narrowest = 0, widest = 0;
    int count = 0;
    for (int i = 0; i < word.getLength() && i < 32; i++) {
        const Unicode c = *word.getChar(i);
        if (c < 0x21 || c > 0x7E || (c >= '0' && c <= '9')) continue;
        const double width = std::fabs(word.getEdge(i + 1) - word.getEdge(i));
        if (count == 0 || width < narrowest) narrowest = width;
        if (count == 0 || width > widest) widest = width;
        count++;
    }
    if (count < 2) return 2;
    return widest - narrowest <= 0.02 * widest ? 1 : 0;
}

class PageBuilder {
public:
    explicit PageBuilder(cpoppler_page &page) : page(page) {}

    void add(const TextWord &source) {
        const int length = source.getLength();
        if (length == 0) return;
        double left, top, right, bottom;
        source.getBBox(&left, &top, &right, &bottom);
        cpoppler_word word {};
        word.left = static_cast<float>(left);
        word.top = static_cast<float>(top);
        word.right = static_cast<float>(right);
        word.bottom = static_cast<float>(bottom);
        word.baseline = static_cast<float>(source.getBaseline());
        word.font_size = static_cast<float>(source.getFontSize());
        word.stream_position = source.getCharPos();
        word.rotation = static_cast<uint8_t>(source.getRotation() & 3);
        word.space_after = source.hasSpaceAfter() ? 1 : 0;
        word.fixed_pitch = fixed_pitch(source);
        const TextFontInfo *info = source.getFontInfo(0);
        word.font = font(info);
        if (info)
            word.font_flags = static_cast<uint8_t>(
                (info->isFixedWidth() ? 1 : 0) | (info->isBold() ? 2 : 0)
                | (info->isItalic() ? 4 : 0));
        word.text_offset = static_cast<uint32_t>(page.text.size());
        for (int i = 0; i < length; i++) put_utf8(page.text, *source.getChar(i));
        word.text_length = static_cast<uint32_t>(page.text.size()) - word.text_offset;
        page.words.push_back(word);
    }

    void finish() {
        for (const std::string &name : names) {
            page.fonts += name.c_str();
            page.fonts += '\0';
        }
    }

private:
    cpoppler_page &page;
    std::vector<std::string> names;
    std::vector<std::pair<const GooString *, int32_t>> known;

    int32_t font(const TextFontInfo *info) {
        const GooString *name = info ? info->getFontName() : nullptr;
        if (!name) return -1;
        for (const auto &entry : known)
            if (entry.first == name) return entry.second;
        const std::string plain = without_subset_prefix(name->toStr());
        size_t index = 0;
        while (index < names.size() && names[index] != plain) index++;
        if (index == names.size()) names.push_back(plain);
        known.emplace_back(name, static_cast<int32_t>(index));
        return static_cast<int32_t>(index);
    }
};

bool names_image(Page &page) {
    Dict *resources = page.getResourceDict();
    if (!resources) return false;
    const Object objects = resources->lookup("XObject");
    if (!objects.isDict()) return false;
    for (int i = 0; i < objects.dictGetLength() && i < 256; i++) {
        const Object object = objects.dictGetVal(i);
        if (!object.isStream()) continue;
        const Object subtype = object.streamGetDict()->lookup("Subtype");
        if (subtype.isName("Image") || subtype.isName("Form")) return true;
    }
    return false;
}

/* Whether a content stream holds an inline image: "BI" as a word within its first megabyte. */
bool has_inline_image(Object &content) {
    if (!content.isStream()) return false;
    Stream *stream = content.getStream();
    stream->reset();
    int before = ' ', last = ' ';
    bool found = false;
    for (int i = 0; i < 1 << 20 && !found; i++) {
        const int c = stream->getChar();
        const bool ends = c == EOF || c == ' ' || c == '\n' || c == '\r' || c == '/';
        found = last == 'I' && before == 'B' && ends;
        if (c == EOF) break;
        before = last;
        last = c;
    }
    stream->close();
    return found;
}

bool draws_inline_image(Page &page) {
    Object contents = page.getContents();
    if (!contents.isArray()) return has_inline_image(contents);
    for (int i = 0; i < contents.arrayGetLength() && i < 64; i++) {
        Object part = contents.arrayGet(i);
        if (has_inline_image(part)) return true;
    }
    return false;
}

void add_outline(
    std::string &out, const std::vector<OutlineItem *> *items, int depth, size_t &left) {
    if (!items || depth > 16) return;
    for (OutlineItem *item : *items) {
        if (left == 0) return;
        left--;
        out += std::to_string(depth);
        out += '\t';
        for (int i = 0; i < item->getTitleLength(); i++) {
            const Unicode c = item->getTitle()[i];
            put_utf8(out, c < 0x20 ? ' ' : c);
        }
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

extern "C" cpoppler_page *cpoppler_read_page(
    cpoppler_document *document, int index, cpoppler_limits limits, int *status) {
    *status = CPOPPLER_FAILED;
    try {
        Page *source = document->document->getPage(index + 1);
        if (!source || !source->isOk()) return nullptr;
        auto page = std::make_unique<cpoppler_page>();
        const bool sideways = source->getRotate() % 180 != 0;
        page->width = sideways ? source->getCropHeight() : source->getCropWidth();
        page->height = sideways ? source->getCropWidth() : source->getCropHeight();
        Reader reader(limits);
        try {
            document->document->displayPage(
                &reader, index + 1, 72, 72, 0, false, false, false, Reader::should_stop, &reader);
        } catch (const limit_reached &) {
            reader.endPage();
        }
        const std::unique_ptr<TextWordList> words(reader.makeWordList());
        PageBuilder builder(*page);
        if (words) {
            page->words.reserve(static_cast<size_t>(words->getLength()));
            for (int i = 0; i < words->getLength(); i++) builder.add(*words->get(i));
        }
        builder.finish();
        if (page->words.empty())
            page->image_only = names_image(*source) || draws_inline_image(*source) ? 1 : 0;
        *status = reader.cut() ? CPOPPLER_CUT : CPOPPLER_OK;
        return page.release();
    } catch (...) {
        return nullptr;
    }
}

extern "C" cpoppler_page_view cpoppler_view(const cpoppler_page *page) {
    cpoppler_page_view view;
    view.words = page->words.data();
    view.word_count = page->words.size();
    view.text = reinterpret_cast<const uint8_t *>(page->text.data());
    view.text_length = page->text.size();
    view.fonts = reinterpret_cast<const uint8_t *>(page->fonts.data());
    view.fonts_length = page->fonts.size();
    view.width = page->width;
    view.height = page->height;
    view.image_only = page->image_only;
    return view;
}

extern "C" void cpoppler_free_page(cpoppler_page *page) {
    delete page;
}

extern "C" char *cpoppler_info(cpoppler_document *document, const char *key, size_t *length) {
    *length = 0;
    try {
        const std::unique_ptr<GooString> value = document->document->getDocInfoStringEntry(key);
        if (!value || value->getLength() == 0) return nullptr;
        Unicode *characters = nullptr;
        const int count = TextStringToUCS4(value->toStr(), &characters);
        std::string text;
        for (int i = 0; i < count; i++) put_utf8(text, characters[i]);
        std::free(characters);
        return copied(text, length);
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

extern "C" const char *cpoppler_version(void) { return POPPLER_VERSION; }
