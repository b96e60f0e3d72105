#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "reader.hpp"

#include "scripts.hpp"

#include <poppler/Page.h>

#include <algorithm>
#include <cmath>

namespace cpoppler {

namespace {

bool is_right_to_left(Unicode c) {
    return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF)
        || (c >= 0xFE70 && c <= 0xFEFC);
}

bool is_right_to_left_mark(Unicode c) {
    return (c >= 0x0591 && c <= 0x05C7 && c != 0x05BE && c != 0x05C0 && c != 0x05C3 && c != 0x05C6)
        || (c >= 0x064B && c <= 0x065F) || c == 0x0670;
}

}  // namespace

void Reader::drawChar(
    GfxState *state, double x, double y, double dx, double dy, double originX, double originY,
    CharCode code, int nBytes, const Unicode *u, int uLen) {
    if (++glyphs > limits.glyphs) return;
    if (uLen == 0 && (dx != 0 || dy != 0)) count_unmapped(code);
    if (is_slanted) {
        flush_mark();
        flush_letter();
        add_slanted(state, x, y, dx, dy, u, uLen);
        shown += nBytes;
        TextOutputDev::incCharCount(nBytes);
        return;
    }
    if (uLen == 1 && is_right_to_left_mark(u[0]) && dx == 0 && dy == 0) {
        flush_mark();
        mark = {true, state, x, y, originX, originY, code, nBytes, u[0]};
        return;
    }
    if (uLen < 1 || uLen > 8 || !is_right_to_left(u[0])) {
        flush_mark();
        draw(state, x, y, dx, dy, originX, originY, code, nBytes, u, uLen);
        return;
    }
    /* Words are kept as printed, from left to right. A ligature's letters come in reading order, so
       they are turned; a mark comes before the letter it stands on. */
    const bool stands = mark.is_held && mark.x >= x && mark.x <= x + dx && mark.y == y;
    if (!stands) flush_mark();
    Unicode turned[9];
    int count = 0;
    if (stands) turned[count++] = mark.character;
    mark.is_held = false;
    for (int i = uLen - 1; i >= 0; i--) turned[count++] = u[i];
    draw(state, x, y, dx, dy, originX, originY, code, nBytes, turned, count);
}

/* Scans stand up to some degrees askew and are read as upright. */
void Reader::updateFont(GfxState *state) {
    constexpr double smallest_slant = 0.14;
    const double *text = state->getTextMat(), *page = state->getCTM();
    const double across = std::fabs(text[0] * page[0] + text[1] * page[2]);
    const double down = std::fabs(text[0] * page[1] + text[1] * page[3]);
    is_slanted = std::min(across, down) > smallest_slant * std::max(across, down);
    TextOutputDev::updateFont(state);
}

void Reader::add_slanted(
    GfxState *state, double x, double y, double dx, double dy, const Unicode *u, int uLen) {
    constexpr size_t phrase_limit = 100000;
    constexpr double widest_gap = 1.5, word_gap = 0.2, same_place = 0.1;
    double left, base, across, down;
    state->transform(x, y, &left, &base);
    state->transformDelta(dx, dy, &across, &down);
    const double size = state->getTransformedFontSize();
    if (!std::isfinite(left + base + across + down + size)) return;
    const bool is_blank = uLen == 0 || (uLen == 1 && (*u == ' ' || *u == 0xA0));
    Slanted *last = slanted.empty() ? nullptr : &slanted.back();
    const double gap =
        last ? std::hypot(left - last->end_x, base - last->end_y) : widest_gap * size + 1;
    if (last && !is_blank && !last->characters.empty() && last->characters.back() == *u
        && std::hypot(left - last->start_x, base - last->start_y) <= same_place * size)
        return;
    if (gap > widest_gap * size) {
        if (is_blank) return;
        if (slanted.size() >= phrase_limit) {
            is_slanted_cut = true;
            return;
        }
        slanted.push_back({});
        last = &slanted.back();
        last->box.left = last->box.right = static_cast<float>(left);
        last->box.top = last->box.bottom = static_cast<float>(base);
        last->size = static_cast<float>(size);
    } else if ((is_blank || gap > word_gap * size) && last->characters.back() != ' ') {
        last->characters.push_back(' ');
    }
    if (!is_blank) last->characters.insert(last->characters.end(), u, u + uLen);
    last->start_x = left;
    last->start_y = base;
    last->end_x = left + across;
    last->end_y = base + down;
    cpoppler_box &box = last->box;
    box.left = std::min({box.left, static_cast<float>(left), static_cast<float>(last->end_x)});
    box.right = std::max({box.right, static_cast<float>(left), static_cast<float>(last->end_x)});
    box.top = std::min({box.top, static_cast<float>(base), static_cast<float>(last->end_y)});
    box.bottom = std::max({box.bottom, static_cast<float>(base), static_cast<float>(last->end_y)});
}

void Reader::start(GfxState *state, bool keeps_overflow) {
    if (!keeps_overflow) {
        TextOutputDev::startPage(1, state, nullptr);
        return;
    }
    /* poppler drops what is beyond its page, so that one is wider; we drop the rest. */
    right_edge = state->getPageWidth();
    const PDFRectangle sheet(0, 0, 2 * right_edge, state->getPageHeight());
    GfxState wide(72, 72, &sheet, 0, true);
    TextOutputDev::startPage(1, &wide, nullptr);
}

void Reader::draw(
    GfxState *state, double x, double y, double dx, double dy, double originX, double originY,
    CharCode code, int nBytes, const Unicode *u, int uLen) {
    if (letter.count > 0) {
        if (dx == 0 && stands_on_letter(x, y, u, uLen)) {
            std::copy_n(u, uLen, letter.characters + letter.count);
            letter.count += uLen;
            letter.nBytes += nBytes;
            return;
        }
        flush_letter();
    }
    if (dx != 0 && uLen > 0 && uLen <= letter_limit
        && (is_reordering_script(*u) || *u > drawn_offset)) {
        letter = {uLen, nBytes, state, x, y, dx, dy, originX, originY, code, {}};
        std::copy_n(u, uLen, letter.characters);
        return;
    }
    draw_now(state, x, y, dx, dy, originX, originY, code, nBytes, u, uLen);
}

/* Whether a glyph without width is a mark of the letter that is held. */
bool Reader::stands_on_letter(double x, double y, const Unicode *u, int uLen) const {
    const double reach = 2 * std::fabs(letter.dx);
    return uLen > 0 && letter.count + uLen <= letter_limit && std::all_of(u, u + uLen, is_drawn_over)
        && std::fabs(x - letter.x - letter.dx) <= reach && std::fabs(y - letter.y) <= reach;
}

void Reader::flush_letter() {
    if (letter.count == 0) return;
    const Letter drawn = letter;
    letter.count = 0;
    draw_now(
        drawn.state, drawn.x, drawn.y, drawn.dx, drawn.dy, drawn.originX, drawn.originY,
        drawn.code, drawn.nBytes, drawn.characters, drawn.count);
}

void Reader::draw_now(
    GfxState *state, double x, double y, double dx, double dy, double originX,
    double originY, CharCode code, int nBytes, const Unicode *u, int uLen) {
    shown += nBytes;
    /* Line ends and their like, which values of form fields hold, part words. */
    const Unicode blank = ' ';
    if (uLen == 0 && nBytes == 1 && code >= '\b' && code <= '\r') {
        u = &blank;
        uLen = 1;
    }
    const bool is_blank = uLen == 0 || (uLen == 1 && (*u == ' ' || *u == 0xA0));
    if (is_blank && uLen == 1) blanks.push_back(shown - nBytes);
    if (is_drawn_again(state, x, y, dx, dy, u, uLen) || is_hidden(state, x, y, dx, dy, is_blank)) {
        TextOutputDev::incCharCount(nBytes);
        return;
    }
    TextOutputDev::drawChar(state, x, y, dx, dy, originX, originY, code, nBytes, u, uLen);
}

/* Whether a letter is the one before it, drawn a second time beside itself to make it bold. */
bool Reader::is_drawn_again(
    GfxState *state, double x, double y, double dx, double dy, const Unicode *u, int uLen) {
    constexpr double widest_shift = 0.12;
    /* Arabic lines are filled with one stroke drawn many times. */
    if (uLen != 1 || *u == ' ' || is_right_to_left(*u) || (dx == 0 && dy == 0)) return false;
    double left, base;
    state->transform(x, y, &left, &base);
    const double reach = widest_shift * state->getTransformedFontSize();
    const bool is_same = *u == drawn_character && std::fabs(left - drawn_x) <= reach
        && std::fabs(base - drawn_y) <= reach;
    drawn_character = *u;
    drawn_x = left;
    drawn_y = base;
    return is_same;
}

/* Whether a glyph stands beyond the right edge and continues no line that begins on the sheet. */
bool Reader::is_hidden(
    GfxState *state, double x, double y, double dx, double dy, bool is_blank) {
    constexpr double widest_gap = 1.5, lowest_shift = 0.5;
    double left, base, across, down;
    state->transform(x, y, &left, &base);
    state->transformDelta(dx, dy, &across, &down);
    if (left > right_edge) {
        const double size = state->getTransformedFontSize();
        const double gap = left - line_end;
        if (!(std::fabs(base - line_base) <= lowest_shift * size && gap <= widest_gap * size
              && gap >= -size))
            return true;
        const bool is_over = std::fabs(base - counted_base) <= lowest_shift * size
            && left + 0.5 * across < counted_end;
        if (!is_blank && !is_over) {
            kept_beyond++;
            counted_end = left + across;
            counted_base = base;
        }
    }
    line_end = left + across;
    line_base = base;
    return false;
}

void Reader::endString(GfxState *state) {
    flush_mark();
    TextOutputDev::endString(state);
}

void Reader::incCharCount(int count) {
    shown += count;
    TextOutputDev::incCharCount(count);
}

void Reader::form_begins() {
    if (!counts_form()) throw limit_reached();
}

void Reader::count_unmapped(CharCode code) {
    constexpr size_t code_limit = 256;
    for (auto &entry : unmapped_codes) {
        if (entry.first != code) continue;
        entry.second++;
        return;
    }
    if (unmapped_codes.size() < code_limit) unmapped_codes.emplace_back(code, 1);
}

size_t Reader::unmapped() const {
    size_t sum = 0, most = 0;
    for (const auto &entry : unmapped_codes) {
        sum += entry.second;
        most = std::max(most, entry.second);
    }
    return sum - most;
}

void Reader::flush_mark() {
    if (!mark.is_held) return;
    mark.is_held = false;
    draw(
        mark.state, mark.x, mark.y, 0, 0, mark.originX, mark.originY, mark.code, mark.nBytes,
        &mark.character, 1);
}

}  // namespace cpoppler

#endif
