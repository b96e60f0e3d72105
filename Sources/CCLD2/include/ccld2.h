#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One of the up to three languages CLD2 found.
typedef struct {
    /// CLD2's code, such as "en", "iw", "zh-Hant"; never null, "un" when unknown.
    const char *code;
    /// Share of the letters, 0 to 100.
    int32_t percent;
    /// Score per 1024 letter bytes: about 1000 for ordinary text.
    double score;
} ccld2_language;

/// A run of the input in one language.
typedef struct {
    int32_t offset;
    int32_t count;
    const char *code;
} ccld2_chunk;

typedef struct {
    ccld2_language languages[3];
    /// The language CLD2 names as the summary; "un" when none is reliable.
    const char *summary;
    int32_t is_reliable;
    /// Letters examined, in bytes.
    int32_t letter_bytes;
    /// Bytes of well-formed UTF-8 at the start; less than the input: nothing was detected.
    int32_t valid_bytes;
    /// Chunks there are in all; the first `chunk_capacity` of them were written.
    int32_t chunk_count;
} ccld2_result;

/// Detects the language of plain UTF-8 text. Keeps no state; calls from many threads are safe.
///
/// `hint` is null or a list of BCP-47 tags as in Content-Language; `chunks` may be null.
void ccld2_detect(const char *text, int32_t count, const char *hint, ccld2_result *result,
                  ccld2_chunk *chunks, int32_t chunk_capacity);

#ifdef __cplusplus
}
#endif
