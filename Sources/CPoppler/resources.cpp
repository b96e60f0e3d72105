#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "resources.hpp"

namespace cpoppler {

namespace {

/* Fonts of Chinese, Japanese and Korean files hold megabytes of widths and maps. */
constexpr size_t font_limit = 512;
/* poppler's generation number of fonts that are not indirect objects. */
constexpr int anonymous_generation = 100000;

/* Whether a font of the standard 14, which every reader knows, has a ToUnicode map that names other
   characters for most of its letters: what is printed is not what would be read. */
bool contradicts_itself(GfxFont &font) {
    Ref file;
    if (font.isCIDFont() || font.getEmbeddedFontID(&file) || !font.getName()) return false;
    const std::string &name = *font.getName();
    const auto is_family = [&](const char *family) { return name.rfind(family, 0) == 0; };
    if (!is_family("Helvetica") && !is_family("Times-") && !is_family("Courier")) return false;
    int same = 0, other = 0;
    for (int code = 0; code < 256; code++) {
        const char *letter = static_cast<Gfx8BitFont &>(font).getCharName(code);
        if (!letter || letter[0] == 0 || letter[1] != 0) continue;
        const char byte = static_cast<char>(code);
        CharCode read = 0;
        const Unicode *characters = nullptr;
        int count = 0;
        double dx, dy, x, y;
        font.getNextChar(&byte, 1, &read, &characters, &count, &dx, &dy, &x, &y);
        if (count == 0) continue;
        (count == 1 && *characters == static_cast<Unicode>(letter[0]) ? same : other)++;
    }
    return other > 8 && other > same;
}

}  // namespace

std::shared_ptr<GfxFont> Fonts::font(const Object &entry, const std::string &tag) {
    const bool is_reference = entry.isRef();
    int64_t key = 0;
    if (is_reference) {
        key = static_cast<int64_t>(entry.getRefNum()) << 32 | static_cast<uint32_t>(entry.getRefGen());
        const auto place = known.find(key);
        if (place != known.end()) return place->second;
    }
    std::shared_ptr<GfxFont> font;
    Object dictionary = entry.fetch(xref);
    if (dictionary.isDict()) {
        const Ref id =
            is_reference ? entry.getRef() : Ref {anonymous++, anonymous_generation};
        font = GfxFont::makeFont(xref, tag.c_str(), id, dictionary.getDict());
        if (font && !font->isOk()) font = nullptr;
    }
    if (is_reference) {
        if (known.size() >= font_limit) {
            known.clear();
            known_texts.clear();
        }
        known.emplace(key, font);
    }
    return font;
}

std::shared_ptr<Fonts::Texts> Fonts::texts(const std::shared_ptr<GfxFont> &font) {
    constexpr size_t looked_at = 512;
    const auto place = known_texts.find(font.get());
    if (place != known_texts.end()) return place->second;
    auto texts = std::make_shared<Texts>();
    texts->left = font && GlyphTexts::is_concerned(*font) ? looked_at : 0;
    texts->is_contradicted = font && contradicts_itself(*font);
    known_texts.emplace(font.get(), texts);
    return texts;
}

std::shared_ptr<GfxFont> Resources::font(const std::string &name) const {
    for (const auto &entry : found)
        if (entry.first == name) return entry.second;
    std::shared_ptr<GfxFont> result;
    if (dictionary) {
        const Object category = dictionary->lookup("Font");
        if (category.isDict()) result = fonts.font(category.dictLookupNF(name.c_str()), name);
    }
    if (!result && outer) result = outer->font(name);
    found.emplace_back(name, result);
    return result;
}

Object Resources::entry(const char *category, const std::string &name) const {
    for (const Resources *frame = this; frame; frame = frame->outer) {
        if (!frame->dictionary) continue;
        const Object entries = frame->dictionary->lookup(category);
        if (!entries.isDict()) continue;
        const Object &entry = entries.dictLookupNF(name.c_str());
        if (!entry.isNull()) return entry.copy();
    }
    return Object(objNull);
}

}  // namespace cpoppler

#endif
