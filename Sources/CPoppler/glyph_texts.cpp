#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "glyph_texts.hpp"

#include "scripts.hpp"
#include "streams.hpp"
#include "versions.hpp"

#include <poppler/PDFDoc.h>

#include <algorithm>
#include <cstdlib>

namespace cpoppler {

namespace {

using Text = std::vector<uint32_t>;

/* Of glyphs; a longer one is no cluster, and what looks beyond it would look through whole strings. */
constexpr size_t longest_cluster = 8;

size_t cluster_start(size_t index) { return index > longest_cluster ? index - longest_cluster : 0; }

bool remove(Text &text, uint32_t c) {
    const auto place = std::find(text.begin(), text.end(), c);
    if (place == text.end()) return false;
    text.erase(place);
    return true;
}

uint32_t plain(uint32_t c) { return c >= drawn_offset ? c - drawn_offset : c; }

bool is_half_form(const Text &text) {
    return text.size() == 2 && is_consonant(text[0]) && is_virama(text[1]);
}

}  // namespace

bool GlyphTexts::is_concerned(const GfxFont &font) {
    const GfxFontType type = font.getType();
    return font.isCIDFont() && font.getWMode() == 0
        && (type == fontCIDType2 || type == fontCIDType2OT || type == fontCIDType0COT);
}

std::shared_ptr<GlyphTexts> GlyphTexts::make(const std::shared_ptr<GfxFont> &font, XRef *xref) {
    constexpr size_t file_limit = 16 << 20;
    Ref reference;
    if (!font->getEmbeddedFontID(&reference)) return nullptr;
    const Object stream = xref->fetch(reference);
    std::vector<uint8_t> bytes;
    if (!stream.isStream() || !append_stream(bytes, stream, file_limit)) return nullptr;
    FontFile file(std::move(bytes));
    if (!file.has_characters()) return nullptr;
    return std::shared_ptr<GlyphTexts>(new GlyphTexts(font, std::move(file)));
}

GlyphTexts::GlyphTexts(std::shared_ptr<GfxFont> source, FontFile source_file)
    : font(std::move(source)), file(std::move(source_file)) {
    find_half_forms();
}

uint32_t GlyphTexts::glyph_index(CharCode code) const {
    const auto *cid_font = static_cast<const GfxCIDFont *>(font.get());
    const int *indices = glyph_indices(cid_font->getCIDToGID());
    if (!indices) return code;
    return code < cid_font->getCIDToGIDLen() ? static_cast<uint32_t>(indices[code]) : 0;
}

Text GlyphTexts::mapped(CharCode code) const {
    const char bytes[2] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    CharCode read = 0;
    const Unicode *characters = nullptr;
    int count = 0;
    double dx, dy, x, y;
    const int used = font->getNextChar(bytes, 2, &read, &characters, &count, &dx, &dy, &x, &y);
    Text result;
    if (used != 2 || read != code) return result;
    for (int i = 0; i < count; i++) append_parts(result, characters[i]);
    return result;
}

bool GlyphTexts::is_mark(CharCode code) const {
    /* Fonts class signs that stand beside their letters as marks, too. */
    const uint32_t glyph = glyph_index(code);
    const FontFile::Class type = file.glyph_class(glyph);
    return file.advance(glyph) == 0
        && (type == FontFile::Class::mark || type == FontFile::Class::none);
}

bool GlyphTexts::is_unknown(CharCode code) const {
    const auto place = glyphs.find(code);
    return place != glyphs.end() && !place->second.is_known && !is_mark(code);
}

const Text *GlyphTexts::text(CharCode code) const {
    const auto place = glyphs.find(code);
    return place == glyphs.end() || place->second.text.empty() ? nullptr : &place->second.text;
}

void GlyphTexts::set(CharCode code, Text text) {
    Glyph &glyph = glyphs[code];
    glyph.text = std::move(text);
    glyph.is_known = true;
    glyph.is_guessed = false;
}

void GlyphTexts::set_left_sign(CharCode code, uint32_t sign, bool is_guess) {
    set(code, {as_drawn(sign)});
    if (is_guess) {
        glyphs[code].is_known = false;
        glyphs[code].is_guessed = true;
        return;
    }
    const uint32_t advance = file.advance(glyph_index(code));
    if (std::find(left_sign_advances.begin(), left_sign_advances.end(), advance)
        == left_sign_advances.end())
        left_sign_advances.push_back(advance);
}

void GlyphTexts::read(const std::vector<CharCode> &shown) {
    /* A raised mark is shown by an operator of its own. */
    std::vector<CharCode> codes = recent;
    codes.insert(codes.end(), shown.begin(), shown.end());
    for (size_t i = recent.size(); i < codes.size(); i++) {
        if (glyphs.find(codes[i]) == glyphs.end()) learn(codes, i);
    }
    for (size_t i = 0; i + 1 < codes.size(); i++) {
        if (is_unknown(codes[i])) guess(codes, i);
    }
    const auto kept = static_cast<std::ptrdiff_t>(std::min(codes.size(), longest_cluster));
    recent.assign(codes.end() - kept, codes.end());
}

void GlyphTexts::learn(const std::vector<CharCode> &codes, size_t index) {
    const CharCode code = codes[index];
    const uint32_t character = file.character(glyph_index(code));
    Text text = mapped(code);
    if (character == 0) {
        learn_mapped(codes, index, std::move(text));
        return;
    }
    Text parts;
    append_parts(parts, character);
    Text rest = text;
    const bool is_part = std::all_of(
        parts.begin(), parts.end(), [&](uint32_t part) { return remove(rest, part); });
    if (!text.empty() && !is_part) {
        /* The map names another character of its own: that is meant. */
        set(code, {});
        return;
    }
    if (is_left_sign(character)) {
        set_left_sign(code, character, false);
    } else {
        set(code, std::move(parts));
    }
    if (!rest.empty()) give_rest(codes, index, rest);
}

/* A glyph that is no plain form of a character. */
void GlyphTexts::learn_mapped(const std::vector<CharCode> &codes, size_t index, Text text) {
    const CharCode code = codes[index];
    if (text.empty()) {
        glyphs[code] = Glyph();
        return;
    }
    if (!std::any_of(text.begin(), text.end(), is_reordering_script)) {
        set(code, {});
        return;
    }
    if (index > 0) {
        const auto place = glyphs.find(codes[index - 1]);
        const Text *before = place == glyphs.end() ? nullptr : &place->second.text;
        const auto sign = std::find_if(text.begin(), text.end(), is_left_sign);
        if (sign != text.end() && text.size() > 1) {
            const bool is_drawn_before =
                before && before->size() == 1 && before->front() == as_drawn(*sign);
            if (is_unknown(codes[index - 1])) set_left_sign(codes[index - 1], *sign, false);
            else if (!is_drawn_before) {
                set(code, std::move(text));
                return;
            }
            text.erase(std::find_if(text.begin(), text.end(), is_left_sign));
        } else if (take_reph(codes, index, text)) {
        } else if (before && (is_mark(code) || has_subjoined_consonants(text[0]))) {
            take_subjoined(*before, text);
        }
    }
    if (is_mark(code) && is_half_form(text) && is_reph_letter(text[0])) text = {as_drawn(text[0])};
    set(code, std::move(text));
}

/* Whether the glyph is a ra above the consonants before it, to which the map adds those; `text` is
   then the ra and what follows the consonants. */
bool GlyphTexts::take_reph(
    const std::vector<CharCode> &codes, size_t index, Text &text) const {
    if (text.size() < 3 || !is_reph_letter(text[0]) || !is_virama(text[1])) return false;
    size_t end = 2;
    uint32_t last = 0;
    while (end < text.size() && (is_consonant(text[end]) || is_virama(text[end]) || is_nukta(text[end]))) {
        if (is_consonant(text[end])) last = text[end];
        end++;
    }
    Text signs(text.begin() + static_cast<std::ptrdiff_t>(end), text.end());
    for (size_t i = index; i-- > cluster_start(index);) {
        const auto place = glyphs.find(codes[i]);
        if (place == glyphs.end() || place->second.text.empty()) return false;
        const uint32_t drawn = plain(place->second.text.back());
        if (is_nukta(drawn) || ((is_dependent_sign(drawn) || is_left_sign(drawn))
                                && remove(signs, drawn)))
            continue;
        if (drawn != last) return false;
        text.resize(1);
        text[0] = as_drawn(text[0]);
        text.insert(text.end(), signs.begin(), signs.end());
        return true;
    }
    return false;
}

/* Makes `text` the consonant that is drawn below the glyph before it, if that says all else. */
void GlyphTexts::take_subjoined(const Text &before, Text &text) const {
    Text rest = text;
    for (const uint32_t c : before)
        if (!remove(rest, plain(c))) return;
    if (rest.size() >= 2 && is_virama(rest[0]) && is_consonant(rest[1])) text = std::move(rest);
}

/* Gives what a cluster says beyond its last glyph to the one of those before it that says nothing. */
void GlyphTexts::give_rest(const std::vector<CharCode> &codes, size_t index, Text rest) {
    size_t unknown = index;
    for (size_t i = index; i-- > cluster_start(index) && !rest.empty();) {
        if (is_unknown(codes[i])) {
            if (unknown < index) {
                /* Two glyphs say nothing: a sign and a half form. */
                const auto sign = std::find_if(rest.begin(), rest.end(), is_left_sign);
                if (sign == rest.end()) return;
                const uint32_t left_sign = *sign;
                rest.erase(sign);
                if (is_half_form(rest)) set_left_sign(codes[i], left_sign, false);
                break;
            }
            unknown = i;
            continue;
        }
        const auto place = glyphs.find(codes[i]);
        if (place == glyphs.end() || place->second.text.empty()) break;
        Text left = rest;
        const bool is_part = std::all_of(
            place->second.text.begin(), place->second.text.end(),
            [&](uint32_t c) { return remove(left, plain(c)); });
        if (!is_part) break;
        rest = std::move(left);
    }
    if (unknown == index || rest.empty()) return;
    if (rest.size() == 1 && is_left_sign(rest[0])) {
        set_left_sign(codes[unknown], rest[0], false);
    } else if (is_half_form(rest)) {
        set(codes[unknown], std::move(rest));
    }
}

/* Reads a glyph that no cluster explains: before a consonant stands a left sign, or a consonant's
   half form. */
void GlyphTexts::guess(const std::vector<CharCode> &codes, size_t index) {
    const auto next = glyphs.find(codes[index + 1]);
    uint32_t letter = 0;
    const size_t end = std::min(codes.size(), index + 1 + longest_cluster);
    for (size_t i = index + 1; i < end && letter == 0; i++) {
        const auto place = glyphs.find(codes[i]);
        if (place == glyphs.end()) return;
        if (!place->second.text.empty()) letter = place->second.text.front();
        else if (place->second.is_known) return;
    }
    if (next == glyphs.end() || !is_consonant(letter)) return;
    const uint32_t glyph = glyph_index(codes[index]);
    const FontFile::Class type = file.glyph_class(glyph);
    const uint32_t sign = only_left_sign(letter);
    const uint32_t advance = file.advance(glyph);
    const bool is_wide_as_sign =
        std::find(left_sign_advances.begin(), left_sign_advances.end(), advance)
        != left_sign_advances.end();
    const bool follows_sign = index > 0 && text(codes[index - 1])
        && is_left_sign(plain(text(codes[index - 1])->front()));
    Text form = half_form(glyph);
    const bool is_sign = type == FontFile::Class::base || is_wide_as_sign || form.empty();
    if (sign != 0 && is_sign && !follows_sign) {
        set_left_sign(codes[index], sign, true);
        return;
    }
    if (form.empty()) return;
    set(codes[index], std::move(form));
    glyphs[codes[index]].is_known = false;
    glyphs[codes[index]].is_guessed = true;
}

void GlyphTexts::find_half_forms() {
    constexpr CharCode code_count = 0x10000;
    std::unordered_map<uint32_t, uint32_t> letters;
    for (CharCode code = 0; code < code_count; code++) {
        const uint32_t character = file.character(glyph_index(code));
        if (is_consonant(character)) letters.emplace(character, glyph_index(code));
    }
    for (CharCode code = 0; code < code_count; code++) {
        const Text text = mapped(code);
        if (!is_half_form(text) || is_mark(code) || file.character(glyph_index(code)) != 0) continue;
        const auto letter = letters.find(text[0]);
        if (letter != letters.end()) half_forms.emplace_back(glyph_index(code), letter->second);
    }
    std::sort(half_forms.begin(), half_forms.end());
    /* Only a font that keeps the order of the letters tells a form by its place. */
    constexpr size_t fewest = 3;
    const bool is_ordered = std::is_sorted(
        half_forms.begin(), half_forms.end(),
        [](const auto &left, const auto &right) { return left.second < right.second; });
    if (half_forms.size() < fewest || !is_ordered) half_forms.clear();
}

/* The half form that stands among those known as its letter stands among theirs. */
Text GlyphTexts::half_form(uint32_t glyph) const {
    constexpr int64_t furthest = 4;
    int64_t best = furthest + 1;
    uint32_t result = 0;
    for (const auto &form : half_forms) {
        const int64_t step = static_cast<int64_t>(glyph) - form.first;
        if (step == 0 || std::abs(step) >= best || form.second + step <= 0) continue;
        const uint32_t letter = file.character(static_cast<uint32_t>(form.second + step));
        if (!is_consonant(letter)) continue;
        best = std::abs(step);
        result = letter;
    }
    if (result == 0) return {};
    return {result, (result & ~0x7Fu) | 0x4D};
}

}  // namespace cpoppler

#endif
