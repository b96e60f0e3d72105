#include "content.hpp"

#include "streams.hpp"

#include <poppler/Lexer.h>
#include <poppler/Parser.h>
#include <poppler/Stream.h>

#include <algorithm>
#include <cmath>

namespace cpoppler {

namespace {

constexpr size_t saved_limit = 4096;
constexpr size_t marked_limit = 4096;
/* poppler's own limit. */
constexpr int form_depth_limit = 100;

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
        images++;
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

// Text

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

// Marked content

void Content::begin_marked(Tokens &tokens, const Resources &resources) {
    Marked entry;
    entry.outer_id = marked_id;
    if (marked.size() >= marked_limit) {
        marked.push_back(entry);
        return;
    }
    const bool has_properties =
        tokens.operation == operation("BDC") && tokens.operands.size() >= 2;
    std::string tag;
    if (!tokens.operands.empty()) {
        const Operand &operand = tokens.operands[tokens.operands.size() - (has_properties ? 2 : 1)];
        if (operand.kind == Operand::name) tag = tokens.string(operand);
    }
    if (tag == "Artifact" && form_depth == 0) mark(CPOPPLER_ARTIFACT);
    if (has_properties && tag != "Artifact") {
        const Operand &operand = tokens.operands.back();
        if (tag == "OC") {
            if (layers && operand.kind == Operand::name) {
                const Object layer = resources.entry("Properties", tokens.string(operand));
                entry.hides = !layer.isNull() && !layers->optContentIsVisible(&layer);
            }
        } else {
            const Object dictionary = properties(operand, tokens, resources);
            if (dictionary.isDict()) {
                const Object text = tag == "Span" ? dictionary.dictLookup("ActualText")
                                                  : Object(objNull);
                if (text.isString()) {
                    reader.beginActualText(&state, text.getString());
                    entry.has_actual_text = true;
                }
                const Object id = dictionary.dictLookup("MCID");
                if (id.isInt() && form_depth == 0) mark(id.getInt());
            }
        }
    }
    marked.push_back(entry);
    update_visibility();
}

void Content::end_marked() {
    if (marked.empty()) return;
    const Marked entry = marked.back();
    marked.pop_back();
    if (entry.has_actual_text) reader.endActualText(&state);
    if (entry.outer_id != marked_id) mark(entry.outer_id);
    update_visibility();
}

void Content::mark(int id) {
    marked_id = id;
    marks.push_back({reader.position(), id});
}

void Content::update_visibility() {
    is_visible = std::none_of(
        marked.begin(), marked.end(), [](const Marked &entry) { return entry.hides; });
}

Object Content::properties(
    const Operand &operand, Tokens &tokens, const Resources &resources) {
    if (operand.kind == Operand::name)
        return resources.entry("Properties", tokens.string(operand)).fetch(fonts.xref);
    if (operand.kind != Operand::dictionary) return Object(objNull);
    auto *stream = new MemStream(
        const_cast<char *>(reinterpret_cast<const char *>(tokens.source() + operand.start)), 0,
        static_cast<Goffset>(operand.length), Object(objNull));
    Parser parser(fonts.xref, stream, false);
    return parser.getObj();
}

// Forms and images

void Content::draw_object(const std::string &name, const Resources &resources) {
    const Object entry = resources.entry("XObject", name);
    const Object object = entry.fetch(fonts.xref);
    if (!object.isStream()) return;
    const Object subtype = object.streamGetDict()->lookup("Subtype");
    if (subtype.isName("Image")) {
        images++;
        return;
    }
    if (!subtype.isName("Form")) return;
    const int number = entry.isRef() ? entry.getRefNum() : -1;
    if (number >= 0) {
        if (std::find(open_forms.begin(), open_forms.end(), number) != open_forms.end()) return;
        open_forms.push_back(number);
    }
    draw_form(object, resources);
    if (number >= 0) open_forms.pop_back();
}

void Content::draw_form(const Object &form, const Resources &resources) {
    if (form_depth >= form_depth_limit || !reader.counts_form()) return;
    Dict *dictionary = form.streamGetDict();
    const Object &layer = dictionary->lookupNF("OC");
    const bool was_visible = is_visible;
    if (layers && !layer.isNull() && !layers->optContentIsVisible(&layer)) return;
    std::vector<uint8_t> bytes;
    const size_t limit = reader.limits.content;
    const bool is_whole = append_stream(bytes, form, limit);
    if (!reader.counts_content(is_whole ? bytes.size() : limit + 1)) return;
    const Object own = dictionary->lookup("Resources");
    const Resources inner(own.isDict() ? own.getDict() : nullptr, &resources, fonts);
    save();
    const size_t outer_marked = marked.size();
    const Object matrix = dictionary->lookup("Matrix");
    if (matrix.isArray() && matrix.arrayGetLength() == 6) {
        double m[6];
        for (int i = 0; i < 6; i++) {
            const Object value = matrix.arrayGet(i);
            m[i] = value.isNum() ? value.getNum() : 0;
        }
        state.concatCTM(m[0], m[1], m[2], m[3], m[4], m[5]);
    }
    font_changed = true;
    form_depth++;
    run(bytes, inner);
    form_depth--;
    while (marked.size() > outer_marked) end_marked();
    restore();
    font_changed = true;
    is_visible = was_visible;
}

}  // namespace cpoppler
