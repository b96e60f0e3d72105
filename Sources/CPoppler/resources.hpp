#ifndef CPOPPLER_RESOURCES_HPP
#define CPOPPLER_RESOURCES_HPP

#include "glyph_texts.hpp"

#include <poppler/PDFDoc.h>
#include <poppler/GfxFont.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cpoppler {

/* The fonts of a document by object number. poppler itself reads every font of a page again on each
   page, which is a quarter of the time of its text extraction. */
class Fonts {
public:
    explicit Fonts(XRef *xref) : xref(xref) {}

    /* The font that `entry` of a font dictionary is or refers to; null when it is none. */
    std::shared_ptr<GfxFont> font(const Object &entry, const std::string &tag);

    /* What the glyphs of a font say, and whether it shows a script that reorders, as far as is
       known. */
    struct Texts {
        std::shared_ptr<GlyphTexts> texts;
        /* Glyphs still to be looked at for the script; 0 when it is known or none was found. */
        size_t left = 0;
        /* The font's map names other letters than it is known to show. */
        bool is_contradicted = false;
    };

    std::shared_ptr<Texts> texts(const std::shared_ptr<GfxFont> &font);

    XRef *const xref;

private:
    std::unordered_map<const GfxFont *, std::shared_ptr<Texts>> known_texts;
    std::unordered_map<int64_t, std::shared_ptr<GfxFont>> known;
    /* Stands for the object number of fonts that have none. */
    int anonymous = 0;
};

/* A resource dictionary and those around it: a form without fonts uses those of its page. */
class Resources {
public:
    Resources(Dict *dictionary, const Resources *outer, Fonts &fonts)
        : dictionary(dictionary), outer(outer), fonts(fonts) {}

    std::shared_ptr<GfxFont> font(const std::string &name) const;
    /* The entry as it stands in the dictionary of `category`: usually a reference. */
    Object entry(const char *category, const std::string &name) const;

private:
    Dict *const dictionary;
    const Resources *const outer;
    Fonts &fonts;
    mutable std::vector<std::pair<std::string, std::shared_ptr<GfxFont>>> found;
};

}  // namespace cpoppler

#endif
