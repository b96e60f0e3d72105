#include "include/ccld2.h"

#include <algorithm>
#include <cstdio>  // compact_lang_det.h names FILE without including it.

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

extern "C" void ccld2_detect(const char *text, int32_t count, const char *hint,
                             ccld2_result *result, ccld2_chunk *chunks, int32_t chunk_capacity) {
    CLD2::Language languages[3] = {
        CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE};
    int percents[3] = {0, 0, 0};
    double scores[3] = {0, 0, 0};
    int letter_bytes = 0;
    int valid_bytes = 0;
    bool is_reliable = false;
    CLD2::CLDHints hints = {hint, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::ResultChunkVector found;
    const bool wants_chunks = chunks != nullptr;
    const CLD2::Language summary = CLD2::ExtDetectLanguageSummaryCheckUTF8(
        text, count, true, hint == nullptr ? nullptr : &hints, CLD2::kCLDFlagBestEffort, languages,
        percents, scores, wants_chunks ? &found : nullptr, &letter_bytes, &is_reliable,
        &valid_bytes);
    for (int i = 0; i < 3; i++) {
        result->languages[i].code = CLD2::LanguageCode(languages[i]);
        result->languages[i].percent = percents[i];
        result->languages[i].score = scores[i];
    }
    result->summary = CLD2::LanguageCode(summary);
    result->is_reliable = is_reliable ? 1 : 0;
    result->letter_bytes = letter_bytes;
    result->valid_bytes = valid_bytes;
    result->chunk_count = static_cast<int32_t>(found.size());
    const int32_t written = std::min(chunk_capacity, result->chunk_count);
    for (int32_t i = 0; wants_chunks && i < written; i++) {
        chunks[i].offset = found[i].offset;
        chunks[i].count = found[i].bytes;
        chunks[i].code = CLD2::LanguageCode(static_cast<CLD2::Language>(found[i].lang1));
    }
}
