#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "CPoppler.h"

#include "content.hpp"
#include "document.hpp"
#include "reader.hpp"
#include "scripts.hpp"
#include "unicode.hpp"

#include <poppler/Annot.h>
#include <poppler/Gfx.h>
#include <poppler/Page.h>
#include <poppler/PDFDoc.h>
#include <poppler/TextOutputDev.h>
#include <poppler/goo/GooString.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

struct cpoppler_page {
    std::vector<cpoppler_word> words;
    std::vector<cpoppler_box> rules, beads;
    std::vector<cpoppler_slanted> slanted;
    std::vector<cpoppler_picture> pictures;
    std::string text;
    std::string fonts;
    double width = 0, height = 0;
    size_t unmapped_glyphs = 0;
    size_t overflowing_glyphs = 0;
};

namespace {

using cpoppler::Content;
using cpoppler::Reader;
using cpoppler::put_utf8;

/* "ABCDEF+Name" is "Name": the prefix only says that the font is a subset. */
std::string without_subset_prefix(const std::string &name) {
    if (name.size() <= 7 || name[6] != '+') return name;
    for (int i = 0; i < 6; i++)
        if (name[i] < 'A' || name[i] > 'Z') return name;
    return name.substr(7);
}

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

/* What holds for the glyphs from a position on, in order of position. */
struct Marks {
    std::vector<cpoppler::Mark> structure, invisible;
};

class PageBuilder {
public:
    /* `moves_signs`: left signs stand everywhere as they are drawn. */
    PageBuilder(
        cpoppler_page &page, Marks marks, const std::vector<int> &blanks, bool moves_signs)
        : page(page), marks(std::move(marks)), blanks(blanks), moves_signs(moves_signs) {}

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
        word.marked_id = last(marks.structure, word.stream_position, CPOPPLER_UNMARKED);
        word.is_invisible = last(marks.invisible, word.stream_position, 0) != 0;
        word.rotation = static_cast<uint8_t>(source.getRotation() & 3);
        word.space_after = source.hasSpaceAfter() ? CPOPPLER_GAP : 0;
        if (has_blank_after(source)) word.space_after |= CPOPPLER_BLANK;
        word.fixed_pitch = fixed_pitch(source);
        const TextFontInfo *info = source.getFontInfo(0);
        word.font = font(info);
        if (info)
            word.font_flags = static_cast<uint8_t>(
                (info->isFixedWidth() ? 1 : 0) | (info->isBold() ? 2 : 0)
                | (info->isItalic() ? 4 : 0));
        word.text_offset = static_cast<uint32_t>(page.text.size());
        characters.clear();
        bool is_reordered = false;
        for (int i = 0; i < length; i++) {
            characters.push_back(*source.getChar(i));
            is_reordered |= characters.back() >= 0x0900;
        }
        if (is_reordered) cpoppler::put_in_reading_order(characters, moves_signs);
        for (const Unicode c : characters) put_utf8(page.text, c);
        word.text_length = static_cast<uint32_t>(page.text.size()) - word.text_offset;
        page.words.push_back(word);
    }

    void add(const Reader::Slanted &source) {
        cpoppler_slanted phrase {};
        phrase.left = source.box.left;
        phrase.top = source.box.top;
        phrase.right = source.box.right;
        phrase.bottom = source.box.bottom;
        phrase.font_size = source.size;
        phrase.text_offset = static_cast<uint32_t>(page.text.size());
        for (const Unicode c : source.characters) put_utf8(page.text, c);
        phrase.text_length = static_cast<uint32_t>(page.text.size()) - phrase.text_offset;
        page.slanted.push_back(phrase);
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

    const Marks marks;
    const std::vector<int> &blanks;
    const bool moves_signs;
    std::vector<Unicode> characters;

    /* Words of scripts that run to the left, and signs among them, have the blank on their other side;
       the blank behind a ligature is often a fault of the font, and taken back. */
    bool has_blank_after(const TextWord &word) const {
        const Unicode first = *word.getChar(0), final = *word.getChar(word.getLength() - 1);
        const bool is_sign = first < 0x80 && !std::isalnum(static_cast<int>(first));
        const bool is_ligature = final >= 0xFB00 && final <= 0xFB06;
        return !is_sign && first < 0x0590 && !is_ligature
            && std::binary_search(
                blanks.begin(), blanks.end(), word.getCharPos() + word.getCharLen());
    }

    /* The last of several marks at one position counts. */
    static int32_t last(const std::vector<cpoppler::Mark> &marks, int position, int32_t none) {
        const auto after = std::upper_bound(
            marks.begin(), marks.end(), position,
            [](int value, const cpoppler::Mark &mark) { return value < mark.position; });
        return after == marks.begin() ? none : (after - 1)->id;
    }

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

/* Whether the left signs of Indic scripts stand before their consonants on the whole page. Where
   they follow them some words end in one, and none begins with one. */
bool has_signs_as_drawn(TextWordList &words) {
    cpoppler::SignPlaces places;
    std::vector<Unicode> characters;
    for (int i = 0; i < words.getLength(); i++) {
        const TextWord &word = *words.get(i);
        characters.clear();
        bool has_sign = false;
        for (int c = 0; c < word.getLength(); c++) {
            characters.push_back(*word.getChar(c));
            has_sign |= cpoppler::is_left_sign(characters.back());
        }
        if (has_sign) places.count(characters);
    }
    return places.before >= 2 && places.before > 4 * places.last;
}

/* Whether a page has annotations that may show text: form fields and notes, but not links. */
bool has_drawn_annotations(Page &page) {
    const Object annotations = page.getAnnotsObject();
    if (!annotations.isArray()) return false;
    for (int i = 0; i < annotations.arrayGetLength(); i++) {
        const Object annotation = annotations.arrayGet(i);
        if (!annotation.isDict()) continue;
        const Object subtype = annotation.dictLookup("Subtype");
        if (!subtype.isName("Link") && !subtype.isName("Popup")) return true;
    }
    return false;
}

void draw_annotations(Page &page, Reader &reader) {
    const std::unique_ptr<Gfx> gfx =
        cpoppler::make_interpreter(page, reader, Reader::should_stop, &reader);
    for (Annot *annotation : page.getAnnots()->getAnnots()) annotation->draw(gfx.get(), false);
}

/* The boxes of the page's article beads; none when one of them has no box. */
std::vector<cpoppler_box> beads(cpoppler_document &document, Page &page, const GfxState &state) {
    constexpr int bead_limit = 1000;
    std::vector<cpoppler_box> result;
    if (!document.has_articles) return result;
    const Object dictionary = document.document->getXRef()->fetch(page.getRef());
    if (!dictionary.isDict()) return result;
    const Object list = dictionary.dictLookup("B");
    if (!list.isArray()) return result;
    for (int i = 0; i < std::min(list.arrayGetLength(), bead_limit); i++) {
        const Object bead = list.arrayGet(i);
        const Object corners = bead.isDict() ? bead.dictLookup("R") : Object(objNull);
        if (!corners.isArray() || corners.arrayGetLength() != 4) return {};
        double x[2] = {}, y[2] = {};
        for (int corner = 0; corner < 2; corner++) {
            const Object across = corners.arrayGet(2 * corner);
            const Object down = corners.arrayGet(2 * corner + 1);
            if (!across.isNum() || !down.isNum()) return {};
            state.transform(across.getNum(), down.getNum(), &x[corner], &y[corner]);
        }
        cpoppler_box box;
        box.left = static_cast<float>(std::min(x[0], x[1]));
        box.right = static_cast<float>(std::max(x[0], x[1]));
        box.top = static_cast<float>(std::min(y[0], y[1]));
        box.bottom = static_cast<float>(std::max(y[0], y[1]));
        result.push_back(box);
    }
    return result;
}

/* Beyond a crop box inside its sheet may be a neighbouring page. */
bool fills_sheet(Page &page) {
    const PDFRectangle *sheet = page.getMediaBox(), *crop = page.getCropBox();
    return sheet->x1 == crop->x1 && sheet->x2 == crop->x2 && sheet->y1 == crop->y1
        && sheet->y2 == crop->y2;
}

/* Shows a page's text to `reader`, as Page::displaySlice does. */
Marks show(
    cpoppler_document &document, Page &page, Reader &reader, cpoppler_page &result) {
    PDFRectangle box = *page.getCropBox();
    int rotation = page.getRotate() % 360;
    if (rotation < 0) rotation += 360;
    GfxState state(72, 72, &box, rotation, true);
    reader.start(&state, fills_sheet(page));
    reader.updateFont(&state);
    result.beads = beads(document, page, state);
    Content content(*document.document, *document.fonts, reader, state);
    content.run(page.getContents(), page.getResourceDict());
    if (!reader.cut() && has_drawn_annotations(page)) {
        try {
            draw_annotations(page, reader);
        } catch (const cpoppler::limit_reached &) {
        }
    }
    reader.finish();
    result.rules = std::move(content.rules.rules);
    result.pictures = std::move(content.pictures);
    result.unmapped_glyphs = reader.unmapped();
    result.overflowing_glyphs = reader.overflow();
    return {std::move(content.marks), std::move(content.invisible)};
}

}  // namespace

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
        Marks marks = show(*document, *source, reader, *page);
        const std::unique_ptr<TextWordList> words(reader.makeWordList());
        const bool moves_signs = words && has_signs_as_drawn(*words);
        PageBuilder builder(*page, std::move(marks), reader.blanks, moves_signs);
        if (words) {
            page->words.reserve(static_cast<size_t>(words->getLength()));
            for (int i = 0; i < words->getLength(); i++) builder.add(*words->get(i));
        }
        for (const Reader::Slanted &phrase : reader.slanted) builder.add(phrase);
        builder.finish();
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
    view.slanted = page->slanted.data();
    view.slanted_count = page->slanted.size();
    view.text = reinterpret_cast<const uint8_t *>(page->text.data());
    view.text_length = page->text.size();
    view.fonts = reinterpret_cast<const uint8_t *>(page->fonts.data());
    view.fonts_length = page->fonts.size();
    view.width = page->width;
    view.height = page->height;
    view.rules = page->rules.data();
    view.rule_count = page->rules.size();
    view.beads = page->beads.data();
    view.bead_count = page->beads.size();
    view.pictures = page->pictures.data();
    view.picture_count = page->pictures.size();
    view.unmapped_glyphs = page->unmapped_glyphs;
    view.overflowing_glyphs = page->overflowing_glyphs;
    return view;
}

extern "C" void cpoppler_free_page(cpoppler_page *page) {
    delete page;
}

#endif
