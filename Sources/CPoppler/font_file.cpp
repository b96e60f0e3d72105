#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "font_file.hpp"

#include "scripts.hpp"

#include <algorithm>
#include <cstring>

namespace cpoppler {

namespace {

/* The scripts that reorder. */
constexpr uint32_t first_read = 0x0900, last_read = 0x17FF;
/* Of a map's segments, which stand in the order of their characters. */
constexpr size_t group_limit = 8192;

}  // namespace

FontFile::FontFile(std::vector<uint8_t> source) : bytes(std::move(source)) {
    read_characters();
    widths = table("hmtx");
    const Table header = table("hhea");
    if (header.length >= 36) width_count = u16(header.start + 34);
    const Table definitions = table("GDEF");
    if (definitions.length >= 6 && u16(definitions.start + 4) != 0) {
        classes = definitions.start + u16(definitions.start + 4);
        classes_end = definitions.start + definitions.length;
    }
}

uint32_t FontFile::u16(size_t offset) const {
    if (offset + 2 > bytes.size()) return 0;
    return static_cast<uint32_t>(bytes[offset]) << 8 | bytes[offset + 1];
}

uint32_t FontFile::u32(size_t offset) const { return u16(offset) << 16 | u16(offset + 2); }

FontFile::Table FontFile::table(const char *tag) const {
    const size_t count = u16(4);
    for (size_t i = 0; i < count; i++) {
        const size_t entry = 12 + 16 * i;
        if (entry + 16 > bytes.size()) break;
        if (std::memcmp(bytes.data() + entry, tag, 4) != 0) continue;
        const size_t start = u32(entry + 8);
        if (start >= bytes.size()) break;
        return {start, std::min<size_t>(u32(entry + 12), bytes.size() - start)};
    }
    return {};
}

uint32_t FontFile::character(uint32_t glyph) const {
    const auto place = characters.find(glyph);
    return place == characters.end() ? 0 : place->second;
}

uint32_t FontFile::advance(uint32_t glyph) const {
    if (width_count == 0) return 0;
    const size_t place = 4 * static_cast<size_t>(std::min(glyph, width_count - 1));
    return place + 2 <= widths.length ? u16(widths.start + place) : 0;
}

FontFile::Class FontFile::glyph_class(uint32_t glyph) const {
    if (classes == 0) return advance(glyph) == 0 ? Class::mark : Class::none;
    uint32_t value = 0;
    if (u16(classes) == 1) {
        const uint32_t first = u16(classes + 2), count = u16(classes + 4);
        if (glyph >= first && glyph - first < count) value = u16(classes + 6 + 2 * (glyph - first));
    } else if (u16(classes) == 2) {
        const uint32_t count = u16(classes + 2);
        for (size_t i = 0; i < count; i++) {
            const size_t range = classes + 4 + 6 * i;
            if (range + 6 > classes_end) break;
            if (glyph < u16(range) || glyph > u16(range + 2)) continue;
            value = u16(range + 4);
            break;
        }
    }
    return value <= 4 ? static_cast<Class>(value) : Class::none;
}

void FontFile::read_characters() {
    const Table map = table("cmap");
    if (map.length < 4) return;
    const size_t count = u16(map.start + 2);
    const size_t end = map.start + map.length;
    constexpr size_t map_limit = 16;
    for (size_t i = 0; i < std::min(count, map_limit) && 4 + 8 * (i + 1) <= map.length; i++) {
        const size_t record = map.start + 4 + 8 * i;
        const uint32_t platform = u16(record), encoding = u16(record + 2);
        const bool is_unicode = platform == 0 || (platform == 3 && (encoding == 1 || encoding == 10));
        const size_t start = map.start + u32(record + 4);
        if (!is_unicode || start + 16 > end) continue;
        if (u16(start) == 4) read_segments(start, end);
        if (u16(start) == 12) read_groups(start, end);
    }
}

void FontFile::read_segments(size_t start, size_t end) {
    const size_t count = u16(start + 6) / 2;
    const size_t ends = start + 14, starts = ends + 2 * count + 2;
    const size_t deltas = starts + 2 * count, offsets = deltas + 2 * count;
    /* Segments ascend: in a file where they do not, no character is read twice for it. */
    uint32_t next = first_read;
    for (size_t i = 0; i < std::min(count, group_limit) && offsets + 2 * i + 2 <= end; i++) {
        const uint32_t offset = u16(offsets + 2 * i), delta = u16(deltas + 2 * i);
        const uint32_t first = u16(starts + 2 * i), last = std::min(u16(ends + 2 * i), last_read);
        for (uint32_t c = std::max(first, next); c <= last; c++) {
            next = c + 1;
            uint32_t glyph = c;
            if (offset != 0) {
                glyph = u16(offsets + 2 * i + offset + 2 * (c - first));
                if (glyph == 0) continue;
            }
            add(c, (glyph + delta) & 0xFFFF);
        }
    }
}

void FontFile::read_groups(size_t start, size_t end) {
    const size_t count = std::min<size_t>(u32(start + 12), group_limit);
    uint32_t next = first_read;
    for (size_t i = 0; i < count && start + 16 + 12 * (i + 1) <= end; i++) {
        const size_t group = start + 16 + 12 * i;
        const uint32_t first = u32(group), last = std::min(u32(group + 4), last_read);
        for (uint32_t c = std::max(first, next); c <= last; c++) {
            next = c + 1;
            add(c, u32(group + 8) + c - first);
        }
    }
}

/* The first character counts: letters that look alike may share a glyph. */
void FontFile::add(uint32_t character, uint32_t glyph) {
    if (glyph != 0 && is_reordering_script(character)) characters.emplace(glyph, character);
}

}  // namespace cpoppler

#endif
