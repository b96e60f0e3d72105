#ifndef CPOPPLER_FONT_FILE_HPP
#define CPOPPLER_FONT_FILE_HPP

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace cpoppler {

/* What an embedded TrueType or OpenType file says of its glyphs, apart from their outlines. */
class FontFile {
public:
    enum class Class : uint8_t { none = 0, base = 1, ligature = 2, mark = 3, component = 4 };

    /* Reads nothing outside of `bytes`, whatever they say. */
    explicit FontFile(std::vector<uint8_t> bytes);

    /* The character of a script that reorders which the glyph is the plain form of, else 0. */
    uint32_t character(uint32_t glyph) const;
    /* GDEF's class; a glyph without width is a mark where the file has no GDEF. */
    Class glyph_class(uint32_t glyph) const;
    uint32_t advance(uint32_t glyph) const;

    bool has_characters() const { return !characters.empty(); }

private:
    struct Table {
        size_t start = 0, length = 0;
    };

    const std::vector<uint8_t> bytes;
    std::unordered_map<uint32_t, uint32_t> characters;
    Table widths;
    uint32_t width_count = 0;
    size_t classes = 0, classes_end = 0;

    uint32_t u16(size_t offset) const;
    uint32_t u32(size_t offset) const;
    Table table(const char *tag) const;
    void read_characters();
    void read_segments(size_t start, size_t end);
    void read_groups(size_t start, size_t end);
    void add(uint32_t character, uint32_t glyph);
};

}  // namespace cpoppler

#endif
