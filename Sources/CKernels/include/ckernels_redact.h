#pragma once
#include <stddef.h>
#include <stdint.h>

/// Classes of bytes, for growing candidates.
enum {
    CK_BYTE_DIGIT = 1,
    CK_BYTE_UPPER = 2,
    CK_BYTE_LOWER = 4,
    CK_BYTE_HEX_LETTER = 8,
    /// Bytes of an e-mail's local part beside letters and digits.
    CK_BYTE_LOCAL = 16,
    /// Bytes of tokens beside letters and digits: `-` and `_`.
    CK_BYTE_TOKEN = 32,
    /// Letters, digits and `_`.
    CK_BYTE_WORD = 64,
};

static const uint8_t ck_byte_classes[256] = {
    ['0' ... '9'] = CK_BYTE_DIGIT | CK_BYTE_WORD,
    ['A' ... 'F'] = CK_BYTE_UPPER | CK_BYTE_HEX_LETTER | CK_BYTE_WORD,
    ['G' ... 'Z'] = CK_BYTE_UPPER | CK_BYTE_WORD,
    ['a' ... 'f'] = CK_BYTE_LOWER | CK_BYTE_HEX_LETTER | CK_BYTE_WORD,
    ['g' ... 'z'] = CK_BYTE_LOWER | CK_BYTE_WORD,
    ['.'] = CK_BYTE_LOCAL,
    ['%'] = CK_BYTE_LOCAL,
    ['+'] = CK_BYTE_LOCAL,
    ['\''] = CK_BYTE_LOCAL,
    ['-'] = CK_BYTE_LOCAL | CK_BYTE_TOKEN,
    ['_'] = CK_BYTE_LOCAL | CK_BYTE_TOKEN | CK_BYTE_WORD,
};

static inline uint8_t ck_byte_class(uint8_t byte) { return ck_byte_classes[byte]; }

/// Groups of eight sets of triples: by the halves of a byte, and by its low seven bits.
enum { CK_ANCHOR_GROUPS = 6, CK_ANCHOR_WIDE_GROUPS = 12 };

/// Sets of triples of bytes, told in two ways; a processor uses one.
///
/// Bit `s % 8` of `low[s / 8][p][n]` says that a byte whose low four bits are `n` may be the byte `p`
/// of a triple of set `s`; `high` says it of the high four bits. Bit `s % 8` of `wide[s / 8][p][n]`
/// says it of a byte whose low seven bits are `n`.
typedef struct {
    uint8_t low[CK_ANCHOR_GROUPS][3][16];
    uint8_t high[CK_ANCHOR_GROUPS][3][16];
    uint8_t wide[CK_ANCHOR_WIDE_GROUPS][3][128];
} ck_anchors_t;

/// Marks the bytes of `text` from `start` on that end a triple of `anchors`, start a run of digits, or
/// are an at sign: bit `i` of `masks[b]` is the byte `start + 64 * b + i`. Before the text is a line
/// end, after it zeros.
void ck_anchor_masks(
    const uint8_t *text,
    size_t count,
    size_t start,
    size_t blocks,
    const ck_anchors_t *anchors,
    uint64_t *masks
);

/// The first byte from `start` on that a name or an address may start with: an ASCII capital or digit,
/// a colon, or a byte that is not ASCII; `count` without one.
size_t ck_ordinary_end(const uint8_t *text, size_t count, size_t start);

/// Where words may start in `count` bytes from `start` on, at most 64: bit `i` says that at `start + i`
/// is the first byte of a character beyond ASCII, or an ASCII letter after none.
uint64_t ck_word_starts(const uint8_t *text, size_t start, size_t count);
