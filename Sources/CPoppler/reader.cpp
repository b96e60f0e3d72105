#include "reader.hpp"

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
    shown += nBytes;
    if (is_hidden(state, x, y, dx, dy)) {
        TextOutputDev::incCharCount(nBytes);
        return;
    }
    TextOutputDev::drawChar(state, x, y, dx, dy, originX, originY, code, nBytes, u, uLen);
}

/* Whether a glyph stands beyond the right edge and continues no line that begins on the sheet. */
bool Reader::is_hidden(GfxState *state, double x, double y, double dx, double dy) {
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
        kept_beyond++;
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

void Reader::beginForm(Ref) {
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
