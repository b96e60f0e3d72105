#include "ckernels_postings.h"
#include "packed_postings.h"
#include "varint_postings.h"

// A list of values: for each block of 128 a width and a number of exceptions, the bodies of the blocks, then the
// values that are left as varints.

enum { POSITION_ENTRY_BYTES = 2 };

static size_t values_body(unsigned width, unsigned exceptions) {
    return (size_t)16 * width + (size_t)2 * exceptions;
}

size_t mr_positions_room(size_t count) {
    const size_t block = POSITION_ENTRY_BYTES + values_body(WIDTH_MAX, 0);
    return count / MR_POSTINGS_BLOCK * block + count % MR_POSTINGS_BLOCK * 5;
}

size_t mr_positions_encode(const uint32_t *values, size_t count, uint8_t *bytes) {
    const size_t blocks = count / MR_POSTINGS_BLOCK;
    uint8_t *at = bytes + blocks * POSITION_ENTRY_BYTES;
    for (size_t block = 0; block < blocks; block++, values += MR_POSTINGS_BLOCK) {
        unsigned exceptions;
        const unsigned width = best_width(values, &exceptions);
        bytes[block * POSITION_ENTRY_BYTES] = (uint8_t)width;
        bytes[block * POSITION_ENTRY_BYTES + 1] = (uint8_t)exceptions;
        pack(values, width, at);
        at = append_exceptions(at + 16 * width, values, width);
    }
    for (size_t i = 0; i < count % MR_POSTINGS_BLOCK; i++) at = append_varint(at, values[i]);
    return (size_t)(at - bytes);
}

typedef struct {
    const mr_positions *list;
    size_t block_count;
    // The next block that is not unpacked, and where its body begins.
    size_t block;
    const uint8_t *at;
    // The values that are unpacked, and the place of the first of them.
    size_t first, held;
    uint32_t values[MR_POSTINGS_BLOCK];
} reader_t;

static int unpack_values(reader_t *reader, unsigned width, unsigned exceptions) {
    unpack(reader->at, width, reader->values);
    if (!patch(reader->at + 16 * width, exceptions, width, reader->values)) return 0;
    reader->first = reader->block * MR_POSTINGS_BLOCK;
    reader->held = MR_POSTINGS_BLOCK;
    return 1;
}

// The values behind the last whole block, which end the list.
static int decode_rest(reader_t *reader) {
    const uint8_t *end = reader->list->bytes + reader->list->byte_count;
    reader->first = reader->block_count * MR_POSTINGS_BLOCK;
    reader->held = reader->list->count - reader->first;
    for (size_t i = 0; i < reader->held; i++) {
        uint64_t value;
        if (!varint(&reader->at, end, &value) || value > UINT32_MAX) return 0;
        reader->values[i] = (uint32_t)value;
    }
    return reader->at == end;
}

// Unpacks the values around `place`, which only goes on; 0 for damage.
static int hold(reader_t *reader, size_t place) {
    const uint8_t *end = reader->list->bytes + reader->list->byte_count;
    while (reader->block < reader->block_count) {
        const uint8_t *entry = reader->list->bytes + reader->block * POSITION_ENTRY_BYTES;
        const unsigned width = entry[0], exceptions = entry[1];
        const size_t body = values_body(width, exceptions);
        if (!widths_are_sound(width, exceptions) || body > (size_t)(end - reader->at)) return 0;
        const int is_here = place < (reader->block + 1) * MR_POSTINGS_BLOCK;
        if (is_here && !unpack_values(reader, width, exceptions)) return 0;
        reader->at += body;
        reader->block++;
        if (is_here) return 1;
    }
    return decode_rest(reader);
}

int mr_positions_gather(
    const mr_positions *list, const uint64_t *firsts, const uint32_t *counts, size_t range_count,
    uint32_t *values) {
    reader_t reader = {.list = list, .block_count = list->count / MR_POSTINGS_BLOCK};
    if (reader.block_count > list->byte_count / POSITION_ENTRY_BYTES) return MR_POSTINGS_DAMAGED;
    reader.at = list->bytes + reader.block_count * POSITION_ENTRY_BYTES;
    for (size_t range = 0; range < range_count; range++) {
        uint64_t place = firsts[range];
        const uint64_t end = place + counts[range];
        if (end > list->count || place < reader.first) return MR_POSTINGS_DAMAGED;
        while (place < end) {
            if (place >= reader.first + reader.held && !hold(&reader, place))
                return MR_POSTINGS_DAMAGED;
            const uint64_t behind = reader.first + reader.held;
            const uint64_t last = end < behind ? end : behind;
            memcpy(values, reader.values + (place - reader.first), (last - place) * sizeof *values);
            values += last - place;
            place = last;
        }
    }
    return 0;
}
