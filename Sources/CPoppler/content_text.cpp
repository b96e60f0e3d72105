#include "content.hpp"

#include <algorithm>

/* Operators that show text. */

namespace cpoppler {

void Content::move_text(double x, double y) {
    state.textMoveTo(state.getLineX() + x, state.getLineY() + y);
}

void Content::prepare_to_show() {
    if (!font_changed) return;
    reader.updateFont(&state);
    font_changed = false;
}

void Content::show(Tokens &tokens) {
    if (tokens.operands.empty() || tokens.operands.back().kind != Operand::string) return;
    if (!state.getFont()) return;
    prepare_to_show();
    const Operand &string = tokens.operands.back();
    show(tokens.text.data() + string.start, string.length);
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
    if (!is_visible) count_hidden(hidden);
}

/* Gfx::doShowText, for a device that draws character by character. */
void Content::show(const char *bytes, size_t length) {
    const std::shared_ptr<GfxFont> font = state.getFont();
    const bool is_vertical = font->getWMode() != 0;
    const double size = state.getFontSize();
    double rise_x, rise_y;
    state.textTransformDelta(0, state.getRise(), &rise_x, &rise_y);
    int left = static_cast<int>(std::min<size_t>(length, 1 << 30));
    while (left > 0) {
        CharCode code = 0;
        const Unicode *characters = nullptr;
        int count = 0;
        double dx = 0, dy = 0, origin_x = 0, origin_y = 0;
        const int used = std::clamp(
            font->getNextChar(
                bytes, left, &code, &characters, &count, &dx, &dy, &origin_x, &origin_y),
            1, left);
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
}

void Content::count_hidden(size_t length) {
    reader.incCharCount(static_cast<int>(std::min<size_t>(length, 1 << 20)));
}

}  // namespace cpoppler
