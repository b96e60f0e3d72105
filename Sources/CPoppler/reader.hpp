#ifndef CPOPPLER_READER_HPP
#define CPOPPLER_READER_HPP

#include "CPoppler.h"
#include "versions.hpp"

#include <poppler/GfxState.h>

#include <limits>
#include <utility>
#include <vector>

namespace cpoppler {

struct limit_reached {};

/* Where marked content of the structure tree begins (id >= 0) or ends (-1), by glyph position. */
struct Mark {
    int position;
    int id;
};

/* Text output that stops at limits, so that a page of nested forms ends. */
class Reader : public FormOutput {
public:
    explicit Reader(cpoppler_limits limits)
        : FormOutput(nullptr, false, 0, false, false), limits(limits) {}

    void drawChar(
        GfxState *state, double x, double y, double dx, double dy, double originX,
        double originY, CharCode code, int nBytes, const Unicode *u, int uLen) override;
    void updateFont(GfxState *state) override;
    void endString(GfxState *state) override;
    void incCharCount(int count) override;

    /* A Gfx for annotations starts and ends a page of its own within ours. */
    void startPage(int, GfxState *, XRef *) override {}
    void endPage() override {}
    /* `keeps_overflow`: text that runs off the right edge of the sheet goes on there. */
    void start(GfxState *state, bool keeps_overflow);
    void finish() { TextOutputDev::endPage(); }

    /* poppler's stop callback never sees forms that only draw forms, so those are counted here.
       Unwinding leaks the interpreter of the annotations, which is bounded by the limit. */
    void form_begins() override;

    /* Counts an operator; false when no more may run. */
    bool counts_operator() {
        return ++operators <= limits.operators && glyphs <= limits.glyphs && forms <= limits.forms;
    }
    bool counts_form() { return ++forms <= limits.forms; }
    /* What was decoded within the limit is still to be run. */
    bool counts_content(size_t bytes) { return (content += bytes) <= limits.content; }

    bool cut() const {
        return glyphs > limits.glyphs || operators > limits.operators || forms > limits.forms
            || content > limits.content || is_slanted_cut;
    }

    /* poppler asks after about ten operators. */
    static bool should_stop(void *self) {
        auto *reader = static_cast<Reader *>(self);
        reader->operators += 10;
        return reader->cut();
    }

    /* To be called behind each operator that shows text. */
    void flush_letter();

    /* Bytes of strings shown so far: what poppler calls the position of a glyph. */
    int position() const { return shown; }

    /* Characters beyond the right edge that were kept; blanks, and what is drawn over others to make
       them bold, are not counted. */
    size_t overflow() const { return kept_beyond; }

    /* Glyphs with a width that the font maps to no character. Those of the most frequent code are
       left out: a blank often has no mapping. */
    size_t unmapped() const;

    /* What runs at a slant, which poppler would scatter glyph by glyph. */
    struct Slanted {
        cpoppler_box box;
        float size;
        std::vector<Unicode> characters;
        /* Where its last glyph begins and ends. */
        double start_x, start_y, end_x, end_y;
    };

    std::vector<Slanted> slanted;

    /* Positions of the blanks that are drawn, ascending. */
    std::vector<int> blanks;

    const cpoppler_limits limits;

private:
    struct Held {
        bool is_held = false;
        GfxState *state = nullptr;
        double x = 0, y = 0, originX = 0, originY = 0;
        CharCode code = 0;
        int nBytes = 0;
        Unicode character = 0;
    };

    static constexpr int letter_limit = 12;

    struct Letter {
        int count = 0, nBytes = 0;
        GfxState *state = nullptr;
        double x = 0, y = 0, dx = 0, dy = 0, originX = 0, originY = 0;
        CharCode code = 0;
        Unicode characters[letter_limit] = {};
    };

    bool stands_on_letter(double x, double y, const Unicode *u, int uLen) const;
    void draw_now(
        GfxState *state, double x, double y, double dx, double dy, double originX,
        double originY, CharCode code, int nBytes, const Unicode *u, int uLen);
    void draw(
        GfxState *state, double x, double y, double dx, double dy, double originX,
        double originY, CharCode code, int nBytes, const Unicode *u, int uLen);
    bool is_drawn_again(
        GfxState *state, double x, double y, double dx, double dy, const Unicode *u, int uLen);
    bool is_hidden(
        GfxState *state, double x, double y, double dx, double dy, bool is_blank);
    void add_slanted(
        GfxState *state, double x, double y, double dx, double dy, const Unicode *u, int uLen);
    void flush_mark();
    void count_unmapped(CharCode code);

    /* A mark without width, until the letter it stands on is known. */
    Held mark;
    size_t glyphs = 0;
    size_t operators = 0;
    size_t forms = 0;
    size_t content = 0;
    int shown = 0;
    bool is_slanted = false;
    /* The letter drawn last, in device space. */
    Unicode drawn_character = 0;
    double drawn_x = 0, drawn_y = 0;
    bool is_slanted_cut = false;
    /* In device space: the visible right edge, and the end and baseline of the last glyph kept. */
    double right_edge = std::numeric_limits<double>::infinity(), line_end = 0, line_base = 0;
    size_t kept_beyond = 0;
    /* The end and baseline of the last glyph that was counted. */
    double counted_end = 0, counted_base = 0;
    /* A letter of a script with marks above and below, until its marks are known: poppler takes a
       glyph without width for the end of a word. */
    Letter letter;
    std::vector<std::pair<CharCode, size_t>> unmapped_codes;
};

}  // namespace cpoppler

#endif
