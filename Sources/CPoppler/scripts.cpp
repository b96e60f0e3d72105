#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "scripts.hpp"

#include <algorithm>

namespace cpoppler {

namespace {

constexpr uint32_t first_indic = 0x0900, after_indic = 0x0D80;

bool is_indic(uint32_t c) { return c >= first_indic && c < after_indic; }

struct Parts {
    uint32_t whole, left, right;
};

/* Canonical decompositions: of vowel signs that stand on both sides, and of letters with a dot, which
   are not composed again. */
constexpr Parts known_parts[] = {
    {0x09CB, 0x09C7, 0x09BE}, {0x09CC, 0x09C7, 0x09D7}, {0x0B48, 0x0B47, 0x0B56},
    {0x0B4B, 0x0B47, 0x0B3E}, {0x0B4C, 0x0B47, 0x0B57}, {0x0BCA, 0x0BC6, 0x0BBE},
    {0x0BCB, 0x0BC7, 0x0BBE}, {0x0BCC, 0x0BC6, 0x0BD7}, {0x0D4A, 0x0D46, 0x0D3E},
    {0x0D4B, 0x0D47, 0x0D3E}, {0x0D4C, 0x0D46, 0x0D57}, {0x0DDA, 0x0DD9, 0x0DCA},
    {0x0DDC, 0x0DD9, 0x0DCF}, {0x0DDE, 0x0DD9, 0x0DDF},
    {0x0958, 0x0915, 0x093C}, {0x0959, 0x0916, 0x093C}, {0x095A, 0x0917, 0x093C},
    {0x095B, 0x091C, 0x093C}, {0x095C, 0x0921, 0x093C}, {0x095D, 0x0922, 0x093C},
    {0x095E, 0x092B, 0x093C}, {0x095F, 0x092F, 0x093C}, {0x09DC, 0x09A1, 0x09BC},
    {0x09DD, 0x09A2, 0x09BC}, {0x09DF, 0x09AF, 0x09BC}, {0x0A33, 0x0A32, 0x0A3C},
    {0x0A36, 0x0A38, 0x0A3C}, {0x0A59, 0x0A16, 0x0A3C}, {0x0A5A, 0x0A17, 0x0A3C},
    {0x0A5B, 0x0A1C, 0x0A3C}, {0x0A5E, 0x0A2B, 0x0A3C}, {0x0B5C, 0x0B21, 0x0B3C},
    {0x0B5D, 0x0B22, 0x0B3C},
};

bool is_drawn(uint32_t c) {
    return c >= as_drawn(first_indic) && is_reordering_script(c - drawn_offset);
}

/* The end of the consonants joined by viramas at `start`; `start` when there is none. */
size_t cluster_end(const std::vector<uint32_t> &word, size_t start) {
    size_t i = start;
    while (i < word.size() && is_consonant(word[i])) {
        i++;
        if (i < word.size() && is_nukta(word[i])) i++;
        /* Myanmar writes further consonants of a cluster as signs. */
        while (i < word.size() && word[i] >= 0x103B && word[i] <= 0x103E) i++;
        if (i + 1 >= word.size() || !is_virama(word[i]) || !is_consonant(word[i + 1])) break;
        i++;
    }
    return i;
}

/* Where the consonants begin that a ra drawn at `end` stands above; `end` when there are none. */
size_t cluster_start(const std::vector<uint32_t> &word, size_t end) {
    size_t i = end;
    while (i > 0
           && (is_dependent_sign(word[i - 1]) || is_left_sign(word[i - 1]) || is_nukta(word[i - 1])))
        i--;
    if (i == 0 || !is_consonant(word[i - 1])) return end;
    i--;
    while (i >= 2 && is_virama(word[i - 1])) {
        const size_t before = is_nukta(word[i - 2]) && i >= 3 ? i - 3 : i - 2;
        if (!is_consonant(word[before])) break;
        i = before;
    }
    return i;
}

bool follows_consonant(const std::vector<uint32_t> &word, size_t index) {
    return index > 0 && (is_consonant(word[index - 1]) || is_nukta(word[index - 1])
                         || (word[index - 1] >= 0x103B && word[index - 1] <= 0x103E));
}

void move_reph(std::vector<uint32_t> &word) {
    for (size_t i = 0; i < word.size(); i++) {
        if (!is_drawn(word[i]) || !is_reph_letter(word[i] - drawn_offset)) continue;
        const uint32_t ra = word[i] - drawn_offset;
        const size_t start = cluster_start(word, i);
        word.erase(word.begin() + static_cast<std::ptrdiff_t>(i));
        const uint32_t pair[] = {ra, (ra & ~0x7Fu) | 0x4D};
        word.insert(word.begin() + static_cast<std::ptrdiff_t>(start), pair, pair + 2);
        i++;
    }
}

void move_left_signs(std::vector<uint32_t> &word, bool moves_all) {
    /* From the end, so that what a sign moves past is in order. */
    for (size_t i = word.size(); i-- > 0;) {
        const bool is_marked = is_drawn(word[i]);
        const uint32_t sign = is_marked ? word[i] - drawn_offset : word[i];
        if (!is_left_sign(sign)) continue;
        word[i] = sign;
        if (!is_marked && !moves_all && follows_consonant(word, i)) continue;
        const size_t end = cluster_end(word, i + 1);
        std::rotate(
            word.begin() + static_cast<std::ptrdiff_t>(i),
            word.begin() + static_cast<std::ptrdiff_t>(i) + 1,
            word.begin() + static_cast<std::ptrdiff_t>(end));
    }
}

/* A consonant below the one before it is drawn after that one's vowel sign. */
void move_subjoined(std::vector<uint32_t> &word) {
    for (size_t i = 1; i + 1 < word.size(); i++) {
        if (!is_virama(word[i]) || !is_consonant(word[i + 1]) || !is_dependent_sign(word[i - 1]))
            continue;
        size_t start = i;
        while (start > 0 && is_dependent_sign(word[start - 1])) start--;
        if (start == 0 || !is_consonant(word[start - 1])) continue;
        std::rotate(
            word.begin() + static_cast<std::ptrdiff_t>(start),
            word.begin() + static_cast<std::ptrdiff_t>(i),
            word.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    }
}

/* A nikhahit is drawn before a tone mark that is read before AM. */
void compose_am(std::vector<uint32_t> &word) {
    for (size_t i = 0; i + 1 < word.size(); i++) {
        const uint32_t block = word[i] & ~0x7Fu;
        if (word[i] != 0x0E4D && word[i] != 0x0ECD) continue;
        const bool has_tone = word[i + 1] >= block + 0x48 && word[i + 1] <= block + 0x4B;
        const size_t vowel = i + (has_tone ? 2 : 1);
        if (vowel >= word.size() || word[vowel] != block + 0x32) continue;
        word[vowel] = block + 0x33;
        word.erase(word.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

}  // namespace

bool is_reordering_script(uint32_t c) {
    return is_indic(c) || (c >= 0x0D80 && c < 0x0F00) || (c >= 0x1000 && c < 0x10A0)
        || (c >= 0x1780 && c < 0x1800);
}

bool is_consonant(uint32_t c) {
    if (is_indic(c)) {
        const uint32_t place = c & 0x7F;
        return (place >= 0x15 && place <= 0x39) || (place >= 0x58 && place <= 0x5F)
            || c == 0x09F0 || c == 0x09F1 || c == 0x0CDE || c == 0x0B71
            || (c >= 0x0978 && c <= 0x097F);
    }
    return (c >= 0x0D9A && c <= 0x0DC6) || (c >= 0x1000 && c <= 0x1021) || c == 0x103F
        || (c >= 0x1780 && c <= 0x17A2);
}

bool is_virama(uint32_t c) {
    return (is_indic(c) && (c & 0x7F) == 0x4D) || c == 0x0DCA || c == 0x1039 || c == 0x17D2;
}

bool is_nukta(uint32_t c) { return is_indic(c) && (c & 0x7F) == 0x3C; }

bool is_left_sign(uint32_t c) {
    switch (c) {
    case 0x093F: case 0x094E: case 0x09BF: case 0x09C7: case 0x09C8: case 0x0A3F: case 0x0ABF:
    case 0x0B47: case 0x0BC6: case 0x0BC7: case 0x0BC8: case 0x0D46: case 0x0D47: case 0x0D48:
    case 0x0DD9: case 0x0DDB: case 0x1031: case 0x17C1: case 0x17C2: case 0x17C3: return true;
    default: return false;
    }
}

bool is_dependent_sign(uint32_t c) {
    if (is_left_sign(c)) return false;
    if (is_indic(c)) {
        const uint32_t place = c & 0x7F;
        return place <= 0x03 || (place >= 0x3E && place <= 0x4C) || (place >= 0x55 && place <= 0x57)
            || place == 0x62 || place == 0x63;
    }
    return (c >= 0x0DCF && c <= 0x0DDF) || (c >= 0x0D81 && c <= 0x0D83);
}

bool is_drawn_over(uint32_t c) {
    const bool is_thai = c == 0x0E31 || (c >= 0x0E34 && c <= 0x0E3A) || (c >= 0x0E47 && c <= 0x0E4E);
    const bool is_lao = c == 0x0EB1 || (c >= 0x0EB4 && c <= 0x0EBC) || (c >= 0x0EC8 && c <= 0x0ECE);
    return is_dependent_sign(c) || is_virama(c) || is_nukta(c) || is_thai || is_lao || is_drawn(c);
}

bool has_subjoined_consonants(uint32_t c) { return c >= 0x0C00 && c < 0x0D00; }

bool is_reph_letter(uint32_t c) { return (is_indic(c) && (c & 0x7F) == 0x30) || c == 0x09F0; }

uint32_t only_left_sign(uint32_t c) {
    switch (c & ~0x7Fu) {
    case 0x0900: return 0x093F;
    case 0x0A00: return 0x0A3F;
    case 0x0A80: return 0x0ABF;
    case 0x0B00: return 0x0B47;
    default: return 0;
    }
}

void append_parts(std::vector<uint32_t> &out, uint32_t c) {
    for (const Parts &parts : known_parts) {
        if (parts.whole != c) continue;
        out.push_back(parts.left);
        out.push_back(parts.right);
        return;
    }
    out.push_back(c);
}

void put_in_reading_order(std::vector<uint32_t> &word, bool moves_all) {
    const auto is_concerned = [](uint32_t c) { return is_reordering_script(c) || is_drawn(c); };
    if (std::none_of(word.begin(), word.end(), is_concerned)) return;
    /* No word is so long, and moving signs takes time by the square of the length. */
    constexpr size_t longest_word = 1024;
    const bool is_word = word.size() <= longest_word;
    if (is_word) {
        move_reph(word);
        move_left_signs(word, moves_all);
    }
    for (uint32_t &c : word)
        if (is_drawn(c)) c -= drawn_offset;
    if (!is_word) return;
    move_subjoined(word);
    compose_am(word);
}

void SignPlaces::count(const std::vector<uint32_t> &word) {
    for (size_t i = 0; i < word.size(); i++) {
        if (!is_left_sign(word[i])) continue;
        const bool has_next = i + 1 < word.size() && is_consonant(word[i + 1]);
        if (has_next && !follows_consonant(word, i)) before++;
        if (i + 1 == word.size() && follows_consonant(word, i)) last++;
    }
}

}  // namespace cpoppler

#endif
