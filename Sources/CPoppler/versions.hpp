#ifndef CPOPPLER_VERSIONS_HPP
#define CPOPPLER_VERSIONS_HPP

#include "binding.hpp"

#include <poppler/Gfx.h>
#include <poppler/GfxFont.h>
#include <poppler/Outline.h>
#include <poppler/PDFDoc.h>
#include <poppler/Page.h>
#include <poppler/Stream.h>
#include <poppler/TextOutputDev.h>
#include <poppler/UTF.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/* All that poppler 22.12 and 25.03 say differently. */

namespace cpoppler {

/* 25.03 hands out what it keeps as const. */
using Layers = decltype(std::declval<PDFDoc &>().getOptContentConfig());

/* 22.12 has an array, 25.03 a vector; null where the font's glyphs are its codes. */
inline const int *glyph_indices(const int *indices) { return indices; }
inline const int *glyph_indices(const std::vector<int> &indices) {
    return indices.empty() ? nullptr : indices.data();
}

/* Text output that is told of forms. */
class FormOutput : public TextOutputDev {
public:
    using TextOutputDev::TextOutputDev;

    virtual void form_begins() = 0;

#if CPOPPLER_IS_KNOWN == 2212
    void beginForm(Ref) final { form_begins(); }
#else
    void beginForm(Object *, Ref) final { form_begins(); }
#endif
};

/* The characters of a PDF text string, in PDFDocEncoding or UTF-16. */
inline std::vector<Unicode> characters(const std::string &text) {
#if CPOPPLER_IS_KNOWN == 2212
    Unicode *read = nullptr;
    const int count = TextStringToUCS4(text, &read);
    std::vector<Unicode> result;
    if (read && count > 0) result.assign(read, read + count);
    std::free(read);
    return result;
#else
    return TextStringToUCS4(text);
#endif
}

inline std::vector<Unicode> title(const OutlineItem &item) {
#if CPOPPLER_IS_KNOWN == 2212
    return {item.getTitle(), item.getTitle() + item.getTitleLength()};
#else
    return item.getTitle();
#endif
}

/* Whether a stream stands at its start again. */
inline bool rewinds(Stream &stream) {
#if CPOPPLER_IS_KNOWN == 2212
    stream.reset();
    return true;
#else
    return stream.reset();
#endif
}

/* An interpreter that draws on a page as it stands, at 72 dots an inch. */
inline std::unique_ptr<Gfx> make_interpreter(
    Page &page, OutputDev &output, bool (*should_stop)(void *), void *asked) {
#if CPOPPLER_IS_KNOWN == 2212
    return std::unique_ptr<Gfx>(page.createGfx(
        &output, 72, 72, 0, false, false, -1, -1, -1, -1, false, should_stop, asked));
#else
    return page.createGfx(
        &output, 72, 72, 0, false, false, -1, -1, -1, -1, should_stop, asked);
#endif
}

}  // namespace cpoppler

#endif
