#ifndef CPOPPLER_TOKENS_HPP
#define CPOPPLER_TOKENS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cpoppler {

/* One object before an operator of a content stream. */
struct Operand {
    enum Kind : uint8_t { number, name, string, array, dictionary, other };

    Kind kind = other;
    double value = 0;
    /* Of a name or string: bytes of `Tokens::text`. Of an array: entries of `Tokens::elements`. Of a
       dictionary: bytes of the content stream, with its brackets. */
    size_t start = 0, length = 0;
};

/* Cuts a content stream into operands and operators (ISO 32000-1, 7.2 and 7.8.2).
   poppler's Parser builds an Object on the heap for each of them; here the operands of one operator
   share two buffers. What is malformed is read as poppler reads it, or skipped. */
class Tokens {
public:
    Tokens(const uint8_t *bytes, size_t length)
        : bytes(bytes), at(bytes), end(bytes + length) {}

    /* Reads up to the next operator; false at the end of the stream. */
    bool next();

    /* The operator's letters packed from the first, 0 for one that is longer than three. */
    uint32_t operation = 0;
    std::vector<Operand> operands;
    std::string text;
    /* Numbers and strings of arrays. */
    std::vector<Operand> elements;

    const uint8_t *source() const { return bytes; }

    /* Whether the operands end in `count` numbers. */
    bool has_numbers(size_t count) const;
    /* The number that stands `place` before the end, 1 being the last. */
    double number(size_t place) const { return operands[operands.size() - place].value; }
    std::string string(const Operand &operand) const {
        return text.substr(operand.start, operand.length);
    }

    /* Moves behind an inline image whose dictionary the operands hold. */
    void skip_inline_image();

private:
    const uint8_t *bytes, *at, *end;

    Operand operand();
    Operand number();
    Operand name();
    Operand literal_string();
    Operand hexadecimal_string();
    Operand array();
    Operand dictionary();
    void skip_space();
    bool ends_inline_image(const uint8_t *place) const;
    size_t inline_image_bytes() const;
};

constexpr uint32_t operation(const char *letters) {
    uint32_t packed = 0;
    while (*letters) packed = packed << 8 | static_cast<uint8_t>(*letters++);
    return packed;
}

}  // namespace cpoppler

#endif
