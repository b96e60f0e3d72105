#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "content.hpp"

#include "streams.hpp"

#include <algorithm>
#include <cmath>

namespace cpoppler {

namespace {

constexpr size_t saved_limit = 4096;

}  // namespace

void Content::run(const Object &contents, Dict *dictionary) {
    std::vector<uint8_t> bytes;
    const size_t limit = reader.limits.content;
    if (contents.isStream()) {
        if (!append_stream(bytes, contents, limit)) reader.counts_content(1);
    } else if (contents.isArray()) {
        for (int i = 0; i < contents.arrayGetLength() && bytes.size() < limit; i++) {
            const Object part = contents.arrayGet(i);
            if (part.isStream() && !append_stream(bytes, part, limit - bytes.size()))
                reader.counts_content(1);
            bytes.push_back('\n');
        }
    }
    reader.counts_content(bytes.size());
    const Resources resources(dictionary, nullptr, fonts);
    save();
    run(bytes, resources);
    restore();
}

void Content::run(const std::vector<uint8_t> &bytes, const Resources &resources) {
    Tokens tokens(bytes.data(), bytes.size());
    const size_t outer = saved.size();
    while (tokens.next() && reader.counts_operator()) {
        if (tokens.operation == operation("Q")) {
            if (saved_uncounted > 0) {
                saved_uncounted--;
            } else if (saved.size() > outer) {
                restore();
            }
        } else {
            perform(tokens, resources);
        }
    }
    saved_uncounted = 0;
    while (saved.size() > outer) restore();
}

void Content::perform(Tokens &tokens, const Resources &resources) {
    switch (tokens.operation) {
    case operation("q"): save(); return;
    case operation("cm"):
        if (!tokens.has_numbers(6)) return;
        state.concatCTM(
            tokens.number(6), tokens.number(5), tokens.number(4), tokens.number(3),
            tokens.number(2), tokens.number(1));
        font_changed = true;
        return;
    case operation("w"):
        if (tokens.has_numbers(1)) line_width = tokens.number(1);
        return;
    case operation("gs"):
        if (!tokens.operands.empty() && tokens.operands.back().kind == Operand::name)
            set_extended_state(tokens.string(tokens.operands.back()), resources);
        return;
    case operation("Do"):
        if (!tokens.operands.empty() && tokens.operands.back().kind == Operand::name)
            draw_object(tokens.string(tokens.operands.back()), resources);
        return;
    case operation("ID"):
        add_picture({});
        tokens.skip_inline_image();
        return;
    case operation("BMC"):
    case operation("BDC"): begin_marked(tokens, resources); return;
    case operation("EMC"): end_marked(); return;
    default:
        if (!perform_path(tokens)) perform_text_state(tokens, resources);
    }
}

bool Content::perform_text_state(Tokens &tokens, const Resources &resources) {
    switch (tokens.operation) {
    case operation("BT"):
        state.setTextMat(1, 0, 0, 1, 0, 0);
        state.textMoveTo(0, 0);
        font_changed = true;
        return true;
    case operation("Tc"):
        if (tokens.has_numbers(1)) state.setCharSpace(tokens.number(1));
        return true;
    case operation("Tw"):
        if (tokens.has_numbers(1)) state.setWordSpace(tokens.number(1));
        return true;
    case operation("Tz"):
        if (!tokens.has_numbers(1)) return true;
        scale = tokens.number(1);
        state.setHorizScaling(scale);
        font_changed = true;
        return true;
    case operation("TL"):
        if (tokens.has_numbers(1)) state.setLeading(tokens.number(1));
        return true;
    case operation("Tf"): {
        const size_t count = tokens.operands.size();
        if (count >= 2 && tokens.has_numbers(1)
            && tokens.operands[count - 2].kind == Operand::name)
            set_font(tokens.operands[count - 2], tokens.number(1), tokens, resources);
        return true;
    }
    case operation("Tr"):
        if (tokens.has_numbers(1)) state.setRender(static_cast<int>(tokens.number(1)));
        return true;
    case operation("Ts"):
        if (tokens.has_numbers(1)) state.setRise(tokens.number(1));
        return true;
    case operation("TD"):
        if (tokens.has_numbers(2)) state.setLeading(-tokens.number(1));
        [[fallthrough]];
    case operation("Td"):
        if (tokens.has_numbers(2)) move_text(tokens.number(2), tokens.number(1));
        return true;
    case operation("Tm"):
        if (!tokens.has_numbers(6)) return true;
        state.setTextMat(
            tokens.number(6), tokens.number(5), tokens.number(4), tokens.number(3),
            tokens.number(2), tokens.number(1));
        state.textMoveTo(0, 0);
        font_changed = true;
        return true;
    case operation("T*"): move_text(0, -state.getLeading()); return true;
    case operation("Tj"): show(tokens); return true;
    case operation("TJ"): show_spaced(tokens); return true;
    case operation("'"):
        move_text(0, -state.getLeading());
        show(tokens);
        return true;
    case operation("\""): {
        const size_t count = tokens.operands.size();
        if (count < 3) return true;
        state.setWordSpace(tokens.operands[count - 3].value);
        state.setCharSpace(tokens.operands[count - 2].value);
        move_text(0, -state.getLeading());
        show(tokens);
        return true;
    }
    default: return false;
    }
}

bool Content::perform_path(Tokens &tokens) {
    double x = 0, y = 0;
    const double width = line_width * std::sqrt(std::fabs(
        state.getCTM()[0] * state.getCTM()[3] - state.getCTM()[1] * state.getCTM()[2]));
    switch (tokens.operation) {
    case operation("m"):
        if (!tokens.has_numbers(2)) return true;
        state.transform(tokens.number(2), tokens.number(1), &x, &y);
        rules.move(x, y);
        return true;
    case operation("l"):
        if (!tokens.has_numbers(2)) return true;
        state.transform(tokens.number(2), tokens.number(1), &x, &y);
        rules.line(x, y);
        return true;
    case operation("c"):
    case operation("v"):
    case operation("y"): rules.curve(); return true;
    case operation("re"): {
        if (!tokens.has_numbers(4)) return true;
        const double left = tokens.number(4), bottom = tokens.number(3);
        const double right = left + tokens.number(2), top = bottom + tokens.number(1);
        state.transform(left, bottom, &x, &y);
        rules.move(x, y);
        state.transform(right, bottom, &x, &y);
        rules.line(x, y);
        state.transform(right, top, &x, &y);
        rules.line(x, y);
        state.transform(left, top, &x, &y);
        rules.line(x, y);
        rules.close();
        return true;
    }
    case operation("h"): rules.close(); return true;
    case operation("s"):
    case operation("b"):
    case operation("b*"):
        rules.close();
        [[fallthrough]];
    case operation("S"):
    case operation("B"):
    case operation("B*"): rules.stroke(width); break;
    case operation("f"):
    case operation("F"):
    case operation("f*"): rules.fill(); break;
    case operation("n"): break;
    default: return false;
    }
    rules.clear();
    return true;
}

// Graphics state

void Content::save() {
    if (saved.size() >= saved_limit) {
        saved_uncounted++;
        return;
    }
    Saved copy;
    std::copy_n(state.getCTM(), 6, copy.ctm);
    std::copy_n(state.getTextMat(), 6, copy.text_matrix);
    copy.size = state.getFontSize();
    copy.character_space = state.getCharSpace();
    copy.word_space = state.getWordSpace();
    copy.scale = scale;
    copy.leading = state.getLeading();
    copy.rise = state.getRise();
    copy.x = state.getCurX();
    copy.y = state.getCurY();
    copy.line_x = state.getLineX();
    copy.line_y = state.getLineY();
    copy.line_width = line_width;
    copy.render = state.getRender();
    copy.font = state.getFont();
    saved.push_back(std::move(copy));
}

void Content::restore() {
    if (saved.empty()) return;
    const Saved &copy = saved.back();
    const double *m = copy.ctm;
    state.setCTM(m[0], m[1], m[2], m[3], m[4], m[5]);
    m = copy.text_matrix;
    state.setTextMat(m[0], m[1], m[2], m[3], m[4], m[5]);
    state.setFont(copy.font, copy.size);
    state.setCharSpace(copy.character_space);
    state.setWordSpace(copy.word_space);
    scale = copy.scale;
    state.setHorizScaling(scale);
    state.setLeading(copy.leading);
    state.setRise(copy.rise);
    state.setRender(copy.render);
    state.textMoveTo(copy.line_x, copy.line_y);
    state.shift(copy.x - state.getCurX(), copy.y - state.getCurY());
    line_width = copy.line_width;
    saved.pop_back();
    reader.restoreState(&state);
}

void Content::set_font(
    const Operand &name, double size, Tokens &tokens, const Resources &resources) {
    state.setFont(resources.font(tokens.string(name)), size);
    font_changed = true;
}

void Content::set_extended_state(const std::string &name, const Resources &resources) {
    const Object entry = resources.entry("ExtGState", name).fetch(fonts.xref);
    if (!entry.isDict()) return;
    const Object font = entry.dictLookup("Font");
    if (!font.isArray() || font.arrayGetLength() != 2) return;
    const Object &reference = font.arrayGetNF(0);
    const Object size = font.arrayGet(1);
    if (!reference.isRef() || !size.isNum()) return;
    state.setFont(fonts.font(reference, "F"), size.getNum());
    font_changed = true;
}

}  // namespace cpoppler

#endif
