#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "streams.hpp"

#include "versions.hpp"

#include <poppler/PDFDoc.h>

#include <zlib.h>

#include <algorithm>
#include <cstdio>

namespace cpoppler {

namespace {

bool is_plain_flate(const Object &stream) {
    Stream *decoder = stream.getStream();
    if (decoder->getKind() != strFlate) return false;
    Dict *dictionary = decoder->getDict();
    if (!dictionary) return false;
    /* A predictor changes the inflated bytes. */
    for (const char *key : {"DecodeParms", "DP"}) {
        const Object parameters = dictionary->lookup(key);
        if (!parameters.isNull()) return false;
    }
    Object filter = dictionary->lookup("Filter");
    if (filter.isArray() && filter.arrayGetLength() == 1) filter = filter.arrayGet(0);
    return filter.isName("FlateDecode");
}

bool append_chars(std::vector<uint8_t> &bytes, Stream *source, size_t limit) {
    constexpr size_t step = 64 << 10;
    const size_t before = bytes.size();
    if (!rewinds(*source)) return true;
    for (size_t size = before;;) {
        const size_t room = std::min(step, limit - (size - before));
        bytes.resize(size + room);
        const int count = room == 0 ? 0 : source->doGetChars(static_cast<int>(room), bytes.data() + size);
        size += static_cast<size_t>(std::max(count, 0));
        bytes.resize(size);
        if (count <= 0) break;
    }
    const bool is_whole = bytes.size() - before < limit || source->getChar() == EOF;
    source->close();
    return is_whole;
}

/* zlib takes a third of the time of poppler's own decoder. Like that, it keeps what stands before a
   fault. */
bool append_inflated(std::vector<uint8_t> &bytes, Stream *decoder, size_t limit, bool &is_sound) {
    std::vector<uint8_t> packed;
    Stream *source = decoder->getNextStream();
    if (!source || !append_chars(packed, source, SIZE_MAX / 2)) return true;
    z_stream state {};
    if (inflateInit(&state) != Z_OK) return true;
    state.next_in = packed.data();
    state.avail_in = static_cast<uInt>(packed.size());
    const size_t before = bytes.size();
    size_t size = before;
    int status = Z_OK;
    bool is_whole = true;
    while (status == Z_OK) {
        if (size == bytes.size()) {
            const size_t growth = std::max<size_t>(std::max(packed.size() * 4, size / 2), 4096);
            bytes.resize(size + std::min(growth, limit - (size - before)));
            if (size == bytes.size()) {
                is_whole = false;
                break;
            }
        }
        state.next_out = bytes.data() + size;
        state.avail_out = static_cast<uInt>(std::min<size_t>(bytes.size() - size, UINT32_MAX));
        const uInt room = state.avail_out;
        status = inflate(&state, Z_NO_FLUSH);
        size += room - state.avail_out;
    }
    inflateEnd(&state);
    bytes.resize(size);
    is_sound = status == Z_STREAM_END || size > before || !is_whole;
    return is_whole;
}

}  // namespace

bool append_stream(std::vector<uint8_t> &bytes, const Object &stream, size_t limit) {
    Stream *decoder = stream.getStream();
    if (is_plain_flate(stream)) {
        bool is_sound = false;
        const bool is_whole = append_inflated(bytes, decoder, limit, is_sound);
        if (is_sound) return is_whole;
    }
    return append_chars(bytes, decoder, limit);
}

}  // namespace cpoppler

#endif
