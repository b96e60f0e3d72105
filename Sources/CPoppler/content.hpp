#ifndef CPOPPLER_CONTENT_HPP
#define CPOPPLER_CONTENT_HPP

#include "reader.hpp"
#include "resources.hpp"
#include "rules.hpp"
#include "tokens.hpp"
#include "versions.hpp"

#include <poppler/OptionalContent.h>
#include <poppler/PDFDoc.h>

#include <memory>
#include <vector>

namespace cpoppler {

/* Runs the operators of content streams that place text and draw lines.

   It does what poppler's Gfx does for TextOutputDev, glyph by glyph (poppler's own text state and
   fonts are used), but reads a font once a document, builds no objects for operands, and leaves
   colours, shadings and images alone: a third of the time. What is not run: text within soft masks,
   patterns and the glyphs of Type 3 fonts, which Gfx does not show to TextOutputDev either, soft
   masks aside. */
class Content {
public:
    Content(PDFDoc &document, Fonts &fonts, Reader &reader, GfxState &state)
        : document(document), fonts(fonts), reader(reader), state(state),
          layers(document.getOptContentConfig()) {}

    /* Runs a page's content: a stream or an array of streams. */
    void run(const Object &contents, Dict *resources);

    RuleCollector rules;
    std::vector<Mark> marks;
    /* Where text begins to be invisible (1) and where it ends (0). */
    std::vector<Mark> invisible;
    std::vector<cpoppler_picture> pictures;

private:
    /* The part of the graphics state that moves text; GfxState::save copies its colours, too. */
    struct Saved {
        double ctm[6], text_matrix[6];
        double size, character_space, word_space, scale, leading, rise;
        double x, y, line_x, line_y, line_width;
        int render;
        std::shared_ptr<GfxFont> font;
    };

    /* What a BMC or BDC opened. */
    struct Marked {
        bool hides = false;
        bool has_actual_text = false;
        int outer_id = -1;
    };

    PDFDoc &document;
    Fonts &fonts;
    Reader &reader;
    GfxState &state;
    const Layers layers;
    std::vector<Saved> saved;
    /* Saves past the limit, which are only counted. */
    size_t saved_uncounted = 0;
    std::vector<Marked> marked;
    std::vector<int> open_forms;
    int form_depth = 0;
    int marked_id = -1;
    double scale = 100;
    double line_width = 1;
    bool is_visible = true;
    bool font_changed = false;
    bool is_invisible = false;
    /* Text is drawn as a mirror shows it, and read as it is seen in one. */
    bool is_mirrored = false;
    /* Those of `texts_font`; null before any. */
    std::shared_ptr<Fonts::Texts> texts;
    /* Shown together. */
    std::vector<CharCode> codes;
    std::shared_ptr<GfxFont> texts_font;

    void run(const std::vector<uint8_t> &bytes, const Resources &resources);
    void perform(Tokens &tokens, const Resources &resources);
    bool perform_text_state(Tokens &tokens, const Resources &resources);
    bool perform_path(Tokens &tokens);

    void save();
    void restore();
    void move_text(double x, double y);
    void set_font(const Operand &name, double size, Tokens &tokens, const Resources &resources);
    void set_extended_state(const std::string &name, const Resources &resources);
    void prepare_to_show();
    void reflect();
    void show(const char *bytes, size_t length);
    bool reads_codes() const { return texts && (texts->texts || texts->left > 0); }
    bool collect_codes(const char *bytes, size_t length);
    void learn_codes(bool has_script);
    void show(Tokens &tokens);
    void show_spaced(Tokens &tokens);
    void count_hidden(size_t length);

    void begin_marked(Tokens &tokens, const Resources &resources);
    void end_marked();
    Object properties(const Operand &operand, Tokens &tokens, const Resources &resources);
    void update_visibility();
    void mark(int id);

    void draw_object(const std::string &name, const Resources &resources);
    void draw_form(const Object &form, const Resources &resources);
    void add_picture(cpoppler_picture picture);
};

}  // namespace cpoppler

#endif
