#ifndef COCR_LIBRARY_H
#define COCR_LIBRARY_H

#include "COCR.h"

/* The functions that are used of libtesseract (tesseract/capi.h) and leptonica (allheaders.h), by their
   names there. */

struct TessBaseAPI;
struct TessResultIterator;
struct TessPageIterator;
struct Pix;

enum { tesseract_default_engine = 3, tesseract_automatic_layout = 3 };
enum { tesseract_block = 0, tesseract_line = 2, tesseract_word = 3 };

#define COCR_TESSERACT_FUNCTIONS(declare)                                                          \
    declare(const char *, TessVersion, (void))                                                     \
    declare(void, TessDeleteText, (const char *))                                                  \
    declare(struct TessBaseAPI *, TessBaseAPICreate, (void))                                       \
    declare(void, TessBaseAPIDelete, (struct TessBaseAPI *))                                       \
    declare(int, TessBaseAPIInit2, (struct TessBaseAPI *, const char *, const char *, int))        \
    declare(void, TessBaseAPISetPageSegMode, (struct TessBaseAPI *, int))                          \
    declare(int, TessBaseAPISetVariable, (struct TessBaseAPI *, const char *, const char *))       \
    declare(void, TessBaseAPIClearAdaptiveClassifier, (struct TessBaseAPI *))                      \
    declare(void, TessBaseAPISetImage,                                                             \
        (struct TessBaseAPI *, const unsigned char *, int, int, int, int))                         \
    declare(void, TessBaseAPISetImage2, (struct TessBaseAPI *, struct Pix *))                      \
    declare(void, TessBaseAPISetSourceResolution, (struct TessBaseAPI *, int))                     \
    declare(int, TessBaseAPIGetSourceYResolution, (struct TessBaseAPI *))                          \
    declare(int, TessBaseAPIRecognize, (struct TessBaseAPI *, void *))                             \
    declare(void, TessBaseAPIClear, (struct TessBaseAPI *))                                        \
    declare(struct TessResultIterator *, TessBaseAPIGetIterator, (struct TessBaseAPI *))           \
    declare(void, TessResultIteratorDelete, (struct TessResultIterator *))                         \
    declare(struct TessPageIterator *, TessResultIteratorGetPageIterator,                          \
        (struct TessResultIterator *))                                                             \
    declare(int, TessResultIteratorNext, (struct TessResultIterator *, int))                       \
    declare(char *, TessResultIteratorGetUTF8Text, (const struct TessResultIterator *, int))       \
    declare(float, TessResultIteratorConfidence, (const struct TessResultIterator *, int))         \
    declare(const char *, TessResultIteratorWordFontAttributes,                                    \
        (const struct TessResultIterator *, int *, int *, int *, int *, int *, int *, int *,       \
            int *))                                                                                \
    declare(int, TessPageIteratorIsAtBeginningOf, (const struct TessPageIterator *, int))          \
    declare(int, TessPageIteratorBoundingBox,                                                      \
        (const struct TessPageIterator *, int, int *, int *, int *, int *))                        \
    declare(int, TessPageIteratorBaseline,                                                         \
        (const struct TessPageIterator *, int, int *, int *, int *, int *))

#define COCR_LEPTONICA_FUNCTIONS(declare)                                                          \
    declare(int, setMsgSeverity, (int))                                                            \
    declare(int, pixReadHeaderMem,                                                                 \
        (const uint8_t *, size_t, int *, int *, int *, int *, int *, int *))                       \
    declare(int, readHeaderMemTiff,                                                                \
        (const uint8_t *, size_t, int, int *, int *, int *, int *, int *, int *, int *))           \
    declare(struct Pix *, pixReadMem, (const uint8_t *, size_t))                                   \
    declare(struct Pix *, pixReadMemTiff, (const uint8_t *, size_t, int))                          \
    declare(int, pixGetDimensions, (const struct Pix *, int *, int *, int *))                      \
    declare(void, pixDestroy, (struct Pix **))

typedef struct {
#define DECLARE(result, name, arguments) result(*name) arguments;
    COCR_TESSERACT_FUNCTIONS(DECLARE)
    COCR_LEPTONICA_FUNCTIONS(DECLARE)
#undef DECLARE
} cocr_library;

/* NULL where the library is not installed, or lacks one of them. */
const cocr_library *cocr_the_library(void);

#endif
