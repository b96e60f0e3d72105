#include "ckernels_inflate.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

// MARK: - Bits

// Bits are taken from the low end. Behind the end of the input come zeros, as many as are asked for; that they were
// used is seen once they are.
typedef struct {
    const uint8_t *at, *end;
    uint64_t bits;
    unsigned count;
    // Zero bytes that were put behind the input.
    unsigned padded;
} bits_t;

// At least 56 bits are held after it.
INLINE void refill(bits_t *in) {
    if (in->end - in->at >= 8) {
        uint64_t next;
        memcpy(&next, in->at, 8);
        in->bits |= next << in->count;
        in->at += (63 - in->count) >> 3;
        in->count |= 56;
        return;
    }
    while (in->count < 56) {
        if (in->at < in->end) {
            in->bits |= (uint64_t)*in->at++ << in->count;
        } else {
            in->padded++;
        }
        in->count += 8;
    }
}

INLINE uint32_t take(bits_t *in, unsigned count) {
    const uint32_t value = (uint32_t)(in->bits & (((uint64_t)1 << count) - 1));
    in->bits >>= count;
    in->count -= count;
    return value;
}

// Whether bits were used that the input does not have.
INLINE int is_overrun(const bits_t *in) { return in->padded * 8 > in->count; }

// MARK: - Codes

// What a code stands for: in bits 0-4 how long it is, in bits 8-12 how many bits follow it, above 16 a letter, the
// least length or distance, or the place of a further table; 0 for what is no code.
enum {
    IS_LETTER = 1 << 15,
    IS_END = 1 << 14,
    IS_TABLE = 1 << 13,
    CODE_MAX = 15,
    LETTER_COUNT = 288,
    DISTANCE_COUNT = 30,
    LETTER_BITS = 11,
    DISTANCE_BITS = 8,
    LENGTH_CODE_BITS = 7,
    // A further table of 2^(15 - 11) stands for two codes at least, and so does one of 2^(15 - 8).
    LETTER_ENTRIES = (1 << LETTER_BITS) + LETTER_COUNT / 2 * (1 << (CODE_MAX - LETTER_BITS)),
    DISTANCE_ENTRIES = (1 << DISTANCE_BITS) + 32 / 2 * (1 << (CODE_MAX - DISTANCE_BITS)),
};

static const uint16_t length_bases[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                          31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extras[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                          2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t distance_bases[DISTANCE_COUNT] = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
static const uint8_t distance_extras[DISTANCE_COUNT] = {0, 0, 0, 0, 1, 1, 2,  2,  3,  3,  4,  4,  5,  5,  6,
                                                        6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

static uint32_t letter_meaning(unsigned symbol) {
    if (symbol < 256) return (uint32_t)symbol << 16 | IS_LETTER;
    if (symbol == 256) return IS_END;
    if (symbol > 285) return 0;
    return (uint32_t)length_bases[symbol - 257] << 16 | (uint32_t)length_extras[symbol - 257] << 8;
}

static uint32_t distance_meaning(unsigned symbol) {
    if (symbol >= DISTANCE_COUNT) return 0;
    return (uint32_t)distance_bases[symbol] << 16 | (uint32_t)distance_extras[symbol] << 8;
}

static uint32_t plain_meaning(unsigned symbol) { return (uint32_t)symbol << 16 | IS_LETTER; }

INLINE unsigned reversed(unsigned code, unsigned count) {
    unsigned turned = 0;
    for (; count; count--, code >>= 1) turned = turned << 1 | (code & 1);
    return turned;
}

// Makes the table of canonical codes; 0 where there are more than fit.
INLINE int make_table(
    const uint8_t *lengths, unsigned symbol_count, unsigned table_bits, size_t room,
    uint32_t (*meaning)(unsigned), uint32_t *table) {
    unsigned counts[CODE_MAX + 1] = {0}, next[CODE_MAX + 2] = {0};
    for (unsigned symbol = 0; symbol < symbol_count; symbol++) counts[lengths[symbol]]++;
    counts[0] = 0;
    unsigned code = 0;
    for (unsigned length = 1; length <= CODE_MAX; length++) {
        code = (code + counts[length - 1]) << 1;
        next[length] = code;
        if (code + counts[length] > 1u << length) return 0;
    }
    const size_t first = (size_t)1 << table_bits;
    memset(table, 0, first * sizeof *table);
    size_t end = first;
    for (unsigned symbol = 0; symbol < symbol_count; symbol++) {
        const unsigned length = lengths[symbol];
        if (length == 0) continue;
        const unsigned turned = reversed(next[length]++, length);
        uint32_t entry = meaning(symbol);
        if (entry) entry |= length;
        uint32_t *target = table;
        unsigned bits = table_bits, place = turned, step = length;
        if (length > table_bits) {
            uint32_t *link = &table[turned & (first - 1)];
            bits = CODE_MAX - table_bits;
            if (!*link) {
                if (end + ((size_t)1 << bits) > room) return 0;
                *link = (uint32_t)end << 16 | IS_TABLE;
                memset(table + end, 0, ((size_t)1 << bits) * sizeof *table);
                end += (size_t)1 << bits;
            }
            target = table + (*link >> 16);
            place = turned >> table_bits;
            step = length - table_bits;
        }
        for (; place < 1u << bits; place += 1u << step) target[place] = entry;
    }
    return 1;
}

INLINE uint32_t look_up(const uint32_t *table, unsigned table_bits, uint64_t bits) {
    uint32_t entry = table[bits & (((uint64_t)1 << table_bits) - 1)];
    if (entry & IS_TABLE) {
        const uint64_t rest = bits >> table_bits & (((uint64_t)1 << (CODE_MAX - table_bits)) - 1);
        entry = table[(entry >> 16) + rest];
    }
    return entry;
}

typedef struct {
    uint32_t letters[LETTER_ENTRIES];
    uint32_t distances[DISTANCE_ENTRIES];
} tables_t;

static int make_tables(
    const uint8_t *lengths, unsigned letter_count, unsigned distance_count, tables_t *tables) {
    return make_table(
               lengths, letter_count, LETTER_BITS, LETTER_ENTRIES, letter_meaning, tables->letters)
           && make_table(
               lengths + letter_count, distance_count, DISTANCE_BITS, DISTANCE_ENTRIES,
               distance_meaning, tables->distances);
}

static int make_fixed_tables(tables_t *tables) {
    uint8_t lengths[LETTER_COUNT + 32];
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    memset(lengths + LETTER_COUNT, 5, 32);
    return make_tables(lengths, LETTER_COUNT, 32, tables);
}

// Reads the codes of a block that brings its own; 0 for damage.
static int read_tables(bits_t *in, tables_t *tables) {
    static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[LETTER_COUNT + 32 + 138] = {0};
    refill(in);
    const unsigned letter_count = 257 + take(in, 5), distance_count = 1 + take(in, 5);
    const unsigned code_count = 4 + take(in, 4);
    if (letter_count > LETTER_COUNT) return 0;
    uint8_t own[19] = {0};
    for (unsigned i = 0; i < code_count; i++) {
        if (in->count < 3) refill(in);
        own[order[i]] = (uint8_t)take(in, 3);
    }
    uint32_t codes[1 << LENGTH_CODE_BITS];
    // No code is longer than the table's bits, so there are no further tables.
    if (!make_table(own, 19, LENGTH_CODE_BITS, 1 << LENGTH_CODE_BITS, plain_meaning, codes)) return 0;
    const unsigned count = letter_count + distance_count;
    unsigned known = 0;
    while (known < count) {
        refill(in);
        const uint32_t entry = codes[in->bits & ((1 << LENGTH_CODE_BITS) - 1)];
        if (!entry || is_overrun(in)) return 0;
        take(in, entry & 31);
        const unsigned symbol = entry >> 16;
        if (symbol < 16) {
            lengths[known++] = (uint8_t)symbol;
            continue;
        }
        if (symbol == 16 && known == 0) return 0;
        const uint8_t repeated = symbol == 16 ? lengths[known - 1] : 0;
        const unsigned times = symbol == 16   ? 3 + take(in, 2)
                               : symbol == 17 ? 3 + take(in, 3)
                                              : 11 + take(in, 7);
        memset(lengths + known, repeated, times);
        known += times;
    }
    return known == count && make_tables(lengths, letter_count, distance_count, tables);
}

// MARK: - Blocks

typedef struct {
    uint8_t *start, *at, *end;
} output_t;

// Copies what was written `distance` bytes before; up to the slack behind its end is written too.
INLINE void repeat(uint8_t *at, size_t distance, size_t length) {
    const uint8_t *from = at - distance;
    uint8_t *end = at + length;
    if (distance >= 16) {
        do {
            memcpy(at, from, 16);
            at += 16;
            from += 16;
        } while (at < end);
    } else if (distance >= 8) {
        do {
            memcpy(at, from, 8);
            at += 8;
            from += 8;
        } while (at < end);
    } else {
        while (at < end) *at++ = *from++;
    }
}

// 1 at the end of the block or once all that is wanted is there, 0 for damage.
INLINE int expand_block(bits_t *in, const tables_t *tables, output_t *out) {
    bits_t bits = *in;
    uint8_t *at = out->at;
    int is_sound = 0;
    while (1) {
        // A length and its distance with all that follows them have 48 bits at most.
        if (bits.count < 48) refill(&bits);
        uint32_t entry = look_up(tables->letters, LETTER_BITS, bits.bits);
        take(&bits, entry & 31);
        if (entry & IS_LETTER) {
            if (at == out->end) {
                is_sound = 1;
                break;
            }
            *at++ = (uint8_t)(entry >> 16);
            continue;
        }
        if (entry & IS_END || !entry) {
            is_sound = entry != 0;
            break;
        }
        const size_t length = (entry >> 16) + take(&bits, entry >> 8 & 31);
        entry = look_up(tables->distances, DISTANCE_BITS, bits.bits);
        if (!entry) break;
        take(&bits, entry & 31);
        const size_t distance = (entry >> 16) + take(&bits, entry >> 8 & 31);
        const size_t room = (size_t)(out->end - at);
        if (distance > (size_t)(at - out->start)) break;
        if (length >= room) {
            repeat(at, distance, room);
            at = out->end;
            is_sound = 1;
            break;
        }
        repeat(at, distance, length);
        at += length;
    }
    out->at = at;
    *in = bits;
    // Zeros behind the end say something too, until all that is wanted is there.
    return is_sound && !is_overrun(&bits);
}

#if defined(__x86_64__)
__attribute__((target("arch=x86-64-v3"))) static int expand_shifting(
    bits_t *in, const tables_t *tables, output_t *out) {
    return expand_block(in, tables, out);
}
static int expand(bits_t *in, const tables_t *tables, output_t *out) {
    if (__builtin_cpu_supports("x86-64-v3")) return expand_shifting(in, tables, out);
    return expand_block(in, tables, out);
}
#else
static int expand(bits_t *in, const tables_t *tables, output_t *out) {
    return expand_block(in, tables, out);
}
#endif

// 0 for damage.
static int copy_block(bits_t *in, output_t *out) {
    take(in, in->count & 7);
    if (is_overrun(in)) return 0;
    // The whole bytes that are held go back.
    in->at -= in->count / 8 - in->padded;
    in->bits = in->count = in->padded = 0;
    if (in->end - in->at < 4) return 0;
    const size_t length = in->at[0] | (size_t)in->at[1] << 8;
    const size_t complement = in->at[2] | (size_t)in->at[3] << 8;
    in->at += 4;
    if ((length ^ complement) != 0xFFFF || length > (size_t)(in->end - in->at)) return 0;
    const size_t room = (size_t)(out->end - out->at);
    const size_t count = length < room ? length : room;
    memcpy(out->at, in->at, count);
    out->at += count;
    in->at += length;
    return 1;
}

int64_t mr_inflate_prefix(const uint8_t *input, size_t count, uint8_t *output, size_t wanted) {
    bits_t in = {.at = input, .end = input + count};
    output_t out = {output, output, output + wanted};
    tables_t tables;
    int is_last = 0;
    while (!is_last && out.at < out.end) {
        refill(&in);
        is_last = (int)take(&in, 1);
        const unsigned kind = take(&in, 2);
        if (is_overrun(&in)) return MR_INFLATE_DAMAGED;
        int is_sound = 0;
        if (kind == 0) is_sound = copy_block(&in, &out);
        if (kind == 1) is_sound = make_fixed_tables(&tables) && expand(&in, &tables, &out);
        if (kind == 2) is_sound = read_tables(&in, &tables) && expand(&in, &tables, &out);
        if (!is_sound) return MR_INFLATE_DAMAGED;
    }
    return out.at - output;
}
