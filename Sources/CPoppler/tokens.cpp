#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "tokens.hpp"

#include <array>
#include <cstring>

namespace cpoppler {

namespace {

enum Class : uint8_t { regular, space, delimiter, numeric };

constexpr std::array<Class, 256> classes() {
    std::array<Class, 256> result {};
    for (char c : {'\0', '\t', '\n', '\f', '\r', ' '}) result[static_cast<uint8_t>(c)] = space;
    for (char c : {'(', ')', '<', '>', '[', ']', '{', '}', '/', '%'})
        result[static_cast<uint8_t>(c)] = delimiter;
    for (int c = '0'; c <= '9'; c++) result[c] = numeric;
    for (char c : {'+', '-', '.'}) result[static_cast<uint8_t>(c)] = numeric;
    return result;
}

constexpr std::array<Class, 256> class_of = classes();

/* What poppler keeps of a longer list. */
constexpr size_t operand_limit = 33;
constexpr int nesting_limit = 64;

int hexadecimal(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

bool Tokens::next() {
    operands.clear();
    elements.clear();
    text.clear();
    for (;;) {
        skip_space();
        if (at >= end) return false;
        const uint8_t c = *at;
        if (class_of[c] == regular) {
            uint32_t packed = 0;
            const uint8_t *start = at;
            while (at < end && (class_of[*at] == regular || class_of[*at] == numeric))
                packed = packed << 8 | *at++;
            const size_t length = static_cast<size_t>(at - start);
            const bool is_value = (length == 4 && (std::memcmp(start, "true", 4) == 0
                                                   || std::memcmp(start, "null", 4) == 0))
                || (length == 5 && std::memcmp(start, "false", 5) == 0);
            if (is_value) {
                operands.emplace_back();
                continue;
            }
            operation = length <= 3 ? packed : 0;
            return true;
        }
        if (operands.size() < operand_limit) {
            operands.push_back(operand());
        } else {
            operand();
        }
    }
}

bool Tokens::has_numbers(size_t count) const {
    if (operands.size() < count) return false;
    for (size_t i = operands.size() - count; i < operands.size(); i++)
        if (operands[i].kind != Operand::number) return false;
    return true;
}

void Tokens::skip_space() {
    while (at < end) {
        if (class_of[*at] == space) {
            at++;
        } else if (*at == '%') {
            while (at < end && *at != '\n' && *at != '\r') at++;
        } else {
            return;
        }
    }
}

Operand Tokens::operand() {
    const uint8_t c = *at;
    if (class_of[c] == numeric) return number();
    if (c == '/') return name();
    if (c == '(') return literal_string();
    if (c == '[') return array();
    if (c == '<') return at + 1 < end && at[1] == '<' ? dictionary() : hexadecimal_string();
    at++;
    return Operand();
}

/* Adobe's readers ignore a minus inside a number, and so does poppler. */
Operand Tokens::number() {
    const bool is_negative = *at == '-';
    double value = 0, scale = 1;
    bool has_point = false;
    if (*at == '-' || *at == '+') at++;
    for (; at < end; at++) {
        const uint8_t c = *at;
        if (c >= '0' && c <= '9') {
            if (has_point) {
                scale *= 0.1;
                value += scale * (c - '0');
            } else {
                value = value * 10 + (c - '0');
            }
        } else if (c == '.' && !has_point) {
            has_point = true;
        } else if (c != '-') {
            break;
        }
    }
    Operand result;
    result.kind = Operand::number;
    result.value = is_negative ? -value : value;
    return result;
}

Operand Tokens::name() {
    Operand result;
    result.kind = Operand::name;
    result.start = text.size();
    at++;
    while (at < end && (class_of[*at] == regular || class_of[*at] == numeric)) {
        if (*at == '#' && end - at > 2 && hexadecimal(at[1]) >= 0 && hexadecimal(at[2]) >= 0) {
            text += static_cast<char>(hexadecimal(at[1]) << 4 | hexadecimal(at[2]));
            at += 3;
        } else {
            text += static_cast<char>(*at++);
        }
    }
    result.length = text.size() - result.start;
    return result;
}

Operand Tokens::literal_string() {
    Operand result;
    result.kind = Operand::string;
    result.start = text.size();
    at++;
    for (int depth = 1; at < end;) {
        const uint8_t c = *at++;
        if (c == '(') {
            depth++;
        } else if (c == ')') {
            if (--depth == 0) break;
        } else if (c == '\r') {
            if (at < end && *at == '\n') at++;
            text += '\n';
            continue;
        } else if (c == '\\' && at < end) {
            const uint8_t escaped = *at++;
            switch (escaped) {
            case 'n': text += '\n'; break;
            case 'r': text += '\r'; break;
            case 't': text += '\t'; break;
            case 'b': text += '\b'; break;
            case 'f': text += '\f'; break;
            case '\n': break;
            case '\r':
                if (at < end && *at == '\n') at++;
                break;
            default:
                if (escaped >= '0' && escaped <= '7') {
                    int code = escaped - '0';
                    for (int i = 0; i < 2 && at < end && *at >= '0' && *at <= '7'; i++)
                        code = code << 3 | (*at++ - '0');
                    text += static_cast<char>(code & 0xFF);
                } else {
                    text += static_cast<char>(escaped);
                }
            }
            continue;
        }
        text += static_cast<char>(c);
    }
    result.length = text.size() - result.start;
    return result;
}

Operand Tokens::hexadecimal_string() {
    Operand result;
    result.kind = Operand::string;
    result.start = text.size();
    int high = -1;
    for (at++; at < end && *at != '>'; at++) {
        const int digit = hexadecimal(*at);
        if (digit < 0) continue;
        if (high < 0) {
            high = digit;
        } else {
            text += static_cast<char>(high << 4 | digit);
            high = -1;
        }
    }
    if (high >= 0) text += static_cast<char>(high << 4);
    if (at < end) at++;
    result.length = text.size() - result.start;
    return result;
}

/* Keeps what `TJ` uses: numbers and strings, in order. */
Operand Tokens::array() {
    Operand result;
    result.kind = Operand::array;
    result.start = elements.size();
    at++;
    for (;;) {
        skip_space();
        if (at >= end) break;
        if (*at == ']') {
            at++;
            break;
        }
        if (*at == '[' || *at == ')' || *at == '>' || *at == '{' || *at == '}') {
            at++;
        } else if (class_of[*at] == regular) {
            while (at < end && (class_of[*at] == regular || class_of[*at] == numeric)) at++;
        } else {
            elements.push_back(operand());
        }
    }
    result.length = elements.size() - result.start;
    return result;
}

Operand Tokens::dictionary() {
    Operand result;
    result.kind = Operand::dictionary;
    result.start = static_cast<size_t>(at - bytes);
    const size_t kept = text.size();
    for (int depth = 0; at < end;) {
        if (*at == '(') {
            literal_string();
        } else if (*at == '<' && at + 1 < end && at[1] == '<') {
            at += 2;
            if (++depth > nesting_limit) break;
        } else if (*at == '>' && at + 1 < end && at[1] == '>') {
            at += 2;
            if (--depth == 0) break;
        } else {
            at++;
        }
    }
    text.resize(kept);
    result.length = static_cast<size_t>(at - bytes) - result.start;
    return result;
}

// Inline images

void Tokens::skip_inline_image() {
    if (at < end && class_of[*at] == space) at++;
    const size_t known = inline_image_bytes();
    if (known > 0 && known < static_cast<size_t>(end - at)) at += known;
    for (; end - at >= 2; at++) {
        if (!ends_inline_image(at)) continue;
        at += 2;
        return;
    }
    at = end;
}

/* "EI" as a word, and no binary data soon after it: two letters are not rare in an image. */
bool Tokens::ends_inline_image(const uint8_t *place) const {
    if (place[0] != 'E' || place[1] != 'I') return false;
    const uint8_t *after = place + 2;
    if (after == end) return true;
    if (class_of[*after] != space) return false;
    for (int i = 0; i < 12 && after + i < end; i++) {
        const uint8_t c = after[i];
        if (c >= 0x7F || (c < 0x20 && class_of[c] != space)) return false;
    }
    return true;
}

/* The size of unfiltered data; 0 when the dictionary does not tell. */
size_t Tokens::inline_image_bytes() const {
    double width = 0, height = 0, bits = 8, components = 1;
    for (size_t i = 0; i + 1 < operands.size(); i += 2) {
        if (operands[i].kind != Operand::name) return 0;
        const std::string key = string(operands[i]);
        const Operand &value = operands[i + 1];
        if (key == "F" || key == "Filter") return 0;
        if (key == "W" || key == "Width") width = value.value;
        if (key == "H" || key == "Height") height = value.value;
        if (key == "BPC" || key == "BitsPerComponent") bits = value.value;
        if ((key == "IM" || key == "ImageMask") && value.kind == Operand::other) bits = 1;
        if (key == "CS" || key == "ColorSpace") {
            const std::string space_name = value.kind == Operand::name ? string(value) : "";
            if (space_name == "RGB" || space_name == "DeviceRGB") {
                components = 3;
            } else if (space_name == "CMYK" || space_name == "DeviceCMYK") {
                components = 4;
            } else if (space_name != "G" && space_name != "DeviceGray") {
                return 0;
            }
        }
    }
    const double size = height * static_cast<size_t>((width * bits * components + 7) / 8);
    return size > 0 && size < 1e8 ? static_cast<size_t>(size) : 0;
}

}  // namespace cpoppler

#endif
