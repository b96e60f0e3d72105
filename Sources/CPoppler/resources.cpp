#include "resources.hpp"

namespace cpoppler {

namespace {

/* Fonts of Chinese, Japanese and Korean files hold megabytes of widths and maps. */
constexpr size_t font_limit = 512;
/* poppler's generation number of fonts that are not indirect objects. */
constexpr int anonymous_generation = 100000;

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
        if (known.size() >= font_limit) known.clear();
        known.emplace(key, font);
    }
    return font;
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
