#ifndef CPOPPLER_GLYPH_TEXTS_HPP
#define CPOPPLER_GLYPH_TEXTS_HPP

#include "font_file.hpp"

#include <poppler/GfxFont.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cpoppler {

/* What each glyph of an embedded font of a reordering script says by itself.

   A ToUnicode map gives characters to single glyphs, but in these scripts several glyphs together
   say several characters in another order. Producers then give all characters of a cluster to its
   last glyph where that is new to them, and none to the others; the same glyph in another cluster
   so says too much or nothing. The embedded font tells which glyph is the plain form of a
   character; what a cluster says beyond its plain forms belongs to its other glyphs, and is learnt
   where a glyph first appears, as the producer did. */
class GlyphTexts {
public:
    /* Null for fonts whose file cannot be read. */
    static std::shared_ptr<GlyphTexts> make(const std::shared_ptr<GfxFont> &font, XRef *xref);

    /* Whether a font may be of use here: in composite fonts codes can be told from glyphs. */
    static bool is_concerned(const GfxFont &font);

    /* Learns from codes shown side by side; to be called in the order of the document. */
    void read(const std::vector<CharCode> &shown);

    /* Characters as drawn (see scripts.hpp); null when the font's own map is right. */
    const std::vector<uint32_t> *text(CharCode code) const;

private:
    struct Glyph {
        std::vector<uint32_t> text;
        bool is_known = false;
        /* The text is a guess until a cluster tells. */
        bool is_guessed = false;
    };

    GlyphTexts(std::shared_ptr<GfxFont> font, FontFile file);

    const std::shared_ptr<GfxFont> font;
    const FontFile file;
    std::unordered_map<CharCode, Glyph> glyphs;
    /* The codes shown last. */
    std::vector<CharCode> recent;
    std::vector<uint32_t> left_sign_advances;
    /* Glyphs mapped to a consonant and a virama, with the glyph of the consonant, by glyph. */
    std::vector<std::pair<uint32_t, uint32_t>> half_forms;

    uint32_t glyph_index(CharCode code) const;
    /* What the font's own map says of a code of two bytes. */
    std::vector<uint32_t> mapped(CharCode code) const;
    bool is_mark(CharCode code) const;
    bool is_unknown(CharCode code) const;
    void find_half_forms();
    void learn(const std::vector<CharCode> &codes, size_t index);
    void learn_mapped(const std::vector<CharCode> &codes, size_t index, std::vector<uint32_t> text);
    void give_rest(const std::vector<CharCode> &codes, size_t index, std::vector<uint32_t> rest);
    void take_subjoined(const std::vector<uint32_t> &before, std::vector<uint32_t> &text) const;
    bool take_reph(
        const std::vector<CharCode> &codes, size_t index, std::vector<uint32_t> &text) const;
    void guess(const std::vector<CharCode> &codes, size_t index);
    std::vector<uint32_t> half_form(uint32_t glyph) const;
    void set(CharCode code, std::vector<uint32_t> text);
    void set_left_sign(CharCode code, uint32_t sign, bool is_guess);
};

}  // namespace cpoppler

#endif
