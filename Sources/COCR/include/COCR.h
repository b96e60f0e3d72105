#ifndef COCR_H
#define COCR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Tesseract by its C interface. The library is loaded while the program runs, so that a build and a
   machine without it work; what it is asked for has been the same since version 4. Used by one thread. */

typedef struct cocr_engine cocr_engine;
typedef struct cocr_page cocr_page;

/* Loads libtesseract and leptonica, silences them, and keeps them to one thread, whose results do not
   depend on the machine. 1 when they are there; a later call answers what the first one did. */
int cocr_load(void);

/* Of Tesseract; NULL without it. */
const char *cocr_version(void);

/* An engine for languages such as "eng+deu", whose .traineddata files lie in `folder`; NULL when they
   cannot be read. */
cocr_engine *cocr_open(const char *folder, const char *languages);
void cocr_close(cocr_engine *engine);

/* One word in reading order; boxes are in pixels from the top left of the picture. */
typedef struct {
    int32_t left, top, right, bottom;
    /* Two points of the baseline of its line. */
    int32_t base_left, base_left_y, base_right, base_right_y;
    /* Bytes of the page's text. */
    uint32_t text_offset, text_length;
    /* 0 to 100. */
    float confidence;
    /* Of its line, in points; 0 when it is not known. */
    int32_t font_size;
    uint8_t begins_line, begins_block;
} cocr_word;

typedef struct {
    const cocr_word *words;
    size_t word_count;
    /* UTF-8. */
    const uint8_t *text;
    size_t text_length;
    /* Of the picture that was read, in pixels, and its pixels an inch. */
    int32_t width, height, resolution;
} cocr_page_view;

/* Reads grey pixels, row after row from the top; NULL when Tesseract fails. */
cocr_page *cocr_read_pixels(
    cocr_engine *engine, const uint8_t *pixels, int width, int height, int bytes_per_row,
    int resolution);

enum cocr_status {
    COCR_OK = 0,
    COCR_UNREADABLE = 1,
    /* It has more pixels than it may. */
    COCR_TOO_LARGE = 2,
    COCR_FAILED = 3,
    /* There is no picture of that number in the file. */
    COCR_PAST_END = 4,
};

/* Reads picture `index` (0-based) of a file of PNG, JPEG or TIFF; only TIFF has more than one. A
   picture of more than `pixel_limit` pixels by its head is not decoded. */
cocr_page *cocr_read_file(
    cocr_engine *engine, const uint8_t *bytes, size_t length, int index, size_t pixel_limit,
    int *status);

cocr_page_view cocr_view(const cocr_page *page);
void cocr_free_page(cocr_page *page);

#ifdef __cplusplus
}
#endif

#endif
