#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "content.hpp"

#include "scripts.hpp"

#include <algorithm>

/* Operators that show text. */

namespace cpoppler {

void Content::move_text(double x, double y) {
    state.textMoveTo(state.getLineX() + x, state.getLineY() + y);
}

void Content::prepare_to_show() {
    if (texts_font != state.getFont()) {
        texts_font = state.getFont();
        texts = fonts.texts(texts_font);
    }
    constexpr int invisible_mode = 3;
    if (is_invisible != (state.getRender() == invisible_mode)) {
        is_invisible = !is_invisible;
        invisible.push_back({reader.position(), is_invisible ? 1 : 0});
    }
    if (!font_changed) return;
    const double *text = state.getTextMat(), *page = state.getCTM();
    /* Upright text turns the axis that grows upwards once. */
    is_mirrored = (text[0] * text[3] - text[1] * text[2]) * (page[0] * page[3] - page[1] * page[2])
            * state.getHorizScaling() > 0;
    if (is_mirrored) reflect();
    reader.updateFont(&state);
    if (is_mirrored) reflect();
    font_changed = false;
}

/* Turns the page's left to its right; a second time, back. */
void Content::reflect() {
    const double *m = state.getCTM();
    state.setCTM(-m[0], m[1], -m[2], m[3], state.getPageWidth() - m[4], m[5]);
}

void Content::show(Tokens &tokens) {
    if (tokens.operands.empty() || tokens.operands.back().kind != Operand::string) return;
    if (!state.getFont()) return;
    prepare_to_show();
    const Operand &string = tokens.operands.back();
    if (reads_codes()) learn_codes(collect_codes(tokens.text.data() + string.start, string.length));
    show(tokens.text.data() + string.start, string.length);
    reader.flush_letter();
    if (!is_visible) count_hidden(string.length);
}

void Content::show_spaced(Tokens &tokens) {
    if (tokens.operands.empty() || tokens.operands.back().kind != Operand::array) return;
    if (!state.getFont()) return;
    prepare_to_show();
    const Operand &array = tokens.operands.back();
    const bool is_vertical = state.getFont()->getWMode() != 0;
    const double unit = -0.001 * state.getFontSize();
    size_t hidden = 0;
    if (reads_codes()) {
        bool has_script = false;
        for (size_t i = array.start; i < array.start + array.length; i++) {
            const Operand &element = tokens.elements[i];
            if (element.kind == Operand::string)
                has_script |= collect_codes(tokens.text.data() + element.start, element.length);
        }
        learn_codes(has_script);
    }
    for (size_t i = array.start; i < array.start + array.length; i++) {
        const Operand &element = tokens.elements[i];
        if (element.kind == Operand::number) {
            if (is_vertical) {
                state.textShift(0, element.value * unit);
            } else {
                state.textShift(element.value * unit * state.getHorizScaling(), 0);
            }
        } else if (element.kind == Operand::string) {
            show(tokens.text.data() + element.start, element.length);
            hidden += element.length;
        }
    }
    reader.flush_letter();
    if (!is_visible) count_hidden(hidden);
}

/* Adds to the codes shown together; whether one of them is of a script that reorders. */
bool Content::collect_codes(const char *bytes, size_t length) {
    const std::shared_ptr<GfxFont> font = state.getFont();
    bool has_script = false;
    int left = static_cast<int>(std::min<size_t>(length, 1 << 30));
    while (left > 0) {
        CharCode code = 0;
        const Unicode *characters = nullptr;
        int count = 0;
        double dx, dy, x, y;
        const int used = std::clamp(
            font->getNextChar(bytes, left, &code, &characters, &count, &dx, &dy, &x, &y), 1, left);
        codes.push_back(code);
        has_script |= count > 0 && is_reordering_script(characters[0]);
        bytes += used;
        left -= used;
    }
    return has_script;
}

/* Learns from the codes shown together. */
void Content::learn_codes(bool has_script) {
    if (!texts->texts) {
        texts->left -= std::min(texts->left, codes.size());
        if (has_script) {
            texts->texts = GlyphTexts::make(state.getFont(), fonts.xref);
            texts->left = 0;
        }
    }
    if (texts->texts) texts->texts->read(codes);
    codes.clear();
}

/* Gfx::doShowText, for a device that draws character by character. */
void Content::show(const char *bytes, size_t length) {
    const std::shared_ptr<GfxFont> font = state.getFont();
    const bool is_vertical = font->getWMode() != 0;
    const double size = state.getFontSize();
    double rise_x, rise_y;
    state.textTransformDelta(0, state.getRise(), &rise_x, &rise_y);
    int left = static_cast<int>(std::min<size_t>(length, 1 << 30));
    if (is_mirrored) reflect();
    while (left > 0) {
        CharCode code = 0;
        const Unicode *characters = nullptr;
        int count = 0;
        double dx = 0, dy = 0, origin_x = 0, origin_y = 0;
        const int used = std::clamp(
            font->getNextChar(
                bytes, left, &code, &characters, &count, &dx, &dy, &origin_x, &origin_y),
            1, left);
        if (texts && texts->is_contradicted) count = 0;
        if (texts && texts->texts) {
            if (const std::vector<Unicode> *text = texts->texts->text(code)) {
                characters = text->data();
                count = static_cast<int>(text->size());
            }
        }
        const double space = used == 1 && *bytes == ' ' ? state.getWordSpace() : 0;
        if (is_vertical) {
            dx *= size;
            dy = dy * size + state.getCharSpace() + space;
        } else {
            dx = (dx * size + state.getCharSpace() + space) * state.getHorizScaling();
            dy *= size;
        }
        double tdx, tdy;
        state.textTransformDelta(dx, dy, &tdx, &tdy);
        if (is_visible) {
            double torigin_x, torigin_y;
            state.textTransformDelta(origin_x * size, origin_y * size, &torigin_x, &torigin_y);
            reader.drawChar(
                &state, state.getCurX() + rise_x, state.getCurY() + rise_y, tdx, tdy, torigin_x,
                torigin_y, code, used, characters, count);
        }
        state.shift(tdx, tdy);
        bytes += used;
        left -= used;
    }
    reader.endString(&state);
    if (is_mirrored) {
        reader.flush_letter();
        reflect();
    }
}

void Content::count_hidden(size_t length) {
    reader.incCharCount(static_cast<int>(std::min<size_t>(length, 1 << 20)));
}

}  // namespace cpoppler

#endif
