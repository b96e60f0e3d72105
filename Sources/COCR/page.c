#include "library.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* One page at a time: what a page says does not depend on the pages before it. */

struct cocr_engine {
    const cocr_library *library;
    struct TessBaseAPI *api;
};

struct cocr_page {
    cocr_word *words;
    size_t word_count, word_capacity;
    char *text;
    size_t text_length, text_capacity;
    int width, height, resolution;
};

cocr_engine *cocr_open(const char *folder, const char *languages) {
    const cocr_library *library = cocr_the_library();
    if (!library) return NULL;
    struct TessBaseAPI *api = library->TessBaseAPICreate();
    if (!api) return NULL;
    cocr_engine *engine = malloc(sizeof *engine);
    if (!engine || library->TessBaseAPIInit2(api, folder, languages, tesseract_default_engine)) {
        library->TessBaseAPIDelete(api);
        free(engine);
        return NULL;
    }
    library->TessBaseAPISetPageSegMode(api, tesseract_automatic_layout);
    *engine = (cocr_engine){library, api};
    return engine;
}

void cocr_close(cocr_engine *engine) {
    engine->library->TessBaseAPIDelete(engine->api);
    free(engine);
}

/* Room for one more word and `length` bytes; 0 when there is no memory. */
static int reserve(cocr_page *page, size_t length) {
    if (page->word_count == page->word_capacity) {
        const size_t capacity = 2 * page->word_capacity + 64;
        void *words = realloc(page->words, capacity * sizeof *page->words);
        if (!words) return 0;
        page->words = words;
        page->word_capacity = capacity;
    }
    if (length > page->text_capacity - page->text_length) {
        const size_t capacity = 2 * page->text_capacity + length + 256;
        void *text = realloc(page->text, capacity);
        if (!text || capacity > UINT32_MAX) return 0;
        page->text = text;
        page->text_capacity = capacity;
    }
    return 1;
}

static int add_word(
    cocr_page *page, const cocr_library *library, const struct TessResultIterator *results,
    const struct TessPageIterator *place, char *text) {
    const size_t length = strlen(text);
    if (!reserve(page, length)) return 0;
    cocr_word word = {
        .text_offset = (uint32_t)page->text_length,
        .text_length = (uint32_t)length,
        .confidence = library->TessResultIteratorConfidence(results, tesseract_word),
        .begins_line =
            library->TessPageIteratorIsAtBeginningOf(place, tesseract_line) != 0,
        .begins_block =
            library->TessPageIteratorIsAtBeginningOf(place, tesseract_block) != 0,
    };
    library->TessPageIteratorBoundingBox(
        place, tesseract_word, &word.left, &word.top, &word.right, &word.bottom);
    library->TessPageIteratorBaseline(
        place, tesseract_line, &word.base_left, &word.base_left_y, &word.base_right,
        &word.base_right_y);
    int unused[7];
    library->TessResultIteratorWordFontAttributes(
        results, &unused[0], &unused[1], &unused[2], &unused[3], &unused[4], &unused[5],
        &word.font_size, &unused[6]);
    memcpy(page->text + page->text_length, text, length);
    page->text_length += length;
    page->words[page->word_count++] = word;
    return 1;
}

/* Reads the picture that was given to the engine, and lets go of it. */
static cocr_page *read_page(cocr_engine *engine, int width, int height) {
    const cocr_library *library = engine->library;
    library->TessBaseAPIClearAdaptiveClassifier(engine->api);
    cocr_page *page = calloc(1, sizeof *page);
    int is_whole = page && library->TessBaseAPIRecognize(engine->api, NULL) == 0;
    struct TessResultIterator *results =
        is_whole ? library->TessBaseAPIGetIterator(engine->api) : NULL;
    if (results) {
        struct TessPageIterator *place = library->TessResultIteratorGetPageIterator(results);
        do {
            char *text = library->TessResultIteratorGetUTF8Text(results, tesseract_word);
            if (!text) continue;
            if (*text) is_whole = add_word(page, library, results, place, text);
            library->TessDeleteText(text);
        } while (is_whole && library->TessResultIteratorNext(results, tesseract_word));
        library->TessResultIteratorDelete(results);
    }
    if (page) {
        page->width = width;
        page->height = height;
        page->resolution = library->TessBaseAPIGetSourceYResolution(engine->api);
    }
    library->TessBaseAPIClear(engine->api);
    if (is_whole) return page;
    if (page) cocr_free_page(page);
    return NULL;
}

cocr_page *cocr_read_pixels(
    cocr_engine *engine, const uint8_t *pixels, int width, int height, int bytes_per_row,
    int resolution) {
    engine->library->TessBaseAPISetImage(engine->api, pixels, width, height, 1, bytes_per_row);
    engine->library->TessBaseAPISetSourceResolution(engine->api, resolution);
    return read_page(engine, width, height);
}

/* Whether a TIFF file begins here, of either order of bytes, small or big. */
static int is_tiff(const uint8_t *bytes, size_t length) {
    if (length < 4 || bytes[0] != bytes[1]) return 0;
    return (bytes[0] == 'I' && (bytes[2] == 42 || bytes[2] == 43) && bytes[3] == 0)
        || (bytes[0] == 'M' && bytes[2] == 0 && (bytes[3] == 42 || bytes[3] == 43));
}

/* By the head alone: what it says is checked before memory is taken. */
static int head_status(
    const cocr_library *library, const uint8_t *bytes, size_t length, int index,
    size_t pixel_limit) {
    int width = 0, height = 0, unused[5];
    int failed;
    if (is_tiff(bytes, length)) {
        failed = library->readHeaderMemTiff(
            bytes, length, index, &width, &height, &unused[0], &unused[1], &unused[2],
            &unused[3], &unused[4]);
        if (failed && index > 0) return COCR_PAST_END;
    } else {
        if (index > 0) return COCR_PAST_END;
        failed = library->pixReadHeaderMem(
            bytes, length, &unused[0], &width, &height, &unused[1], &unused[2], &unused[3]);
    }
    if (failed || width <= 0 || height <= 0) return COCR_UNREADABLE;
    return (size_t)height > pixel_limit / (size_t)width ? COCR_TOO_LARGE : COCR_OK;
}

cocr_page *cocr_read_file(
    cocr_engine *engine, const uint8_t *bytes, size_t length, int index, size_t pixel_limit,
    int *status) {
    const cocr_library *library = engine->library;
    *status = head_status(library, bytes, length, index, pixel_limit);
    if (*status != COCR_OK) return NULL;
    struct Pix *picture = is_tiff(bytes, length) ? library->pixReadMemTiff(bytes, length, index)
                                                 : library->pixReadMem(bytes, length);
    int width = 0, height = 0, depth = 0;
    *status = COCR_UNREADABLE;
    if (!picture) return NULL;
    library->pixGetDimensions(picture, &width, &height, &depth);
    library->TessBaseAPISetImage2(engine->api, picture);
    library->pixDestroy(&picture);
    cocr_page *page = read_page(engine, width, height);
    *status = page ? COCR_OK : COCR_FAILED;
    return page;
}

cocr_page_view cocr_view(const cocr_page *page) {
    return (cocr_page_view){
        .words = page->words,
        .word_count = page->word_count,
        .text = (const uint8_t *)page->text,
        .text_length = page->text_length,
        .width = page->width,
        .height = page->height,
        .resolution = page->resolution,
    };
}

void cocr_free_page(cocr_page *page) {
    free(page->words);
    free(page->text);
    free(page);
}
