#ifndef CPOPPLER_H
#define CPOPPLER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A C face for poppler's text engine (TextOutputDev), fed by our own reading of content streams.
   poppler-cpp runs the same engine but scans the fonts of each page a second time (x1.9 of the CPU
   time) and hides baselines, glyph edges and the position in the content stream; poppler-glib's
   get_text loses words. No C++ exception crosses this line. A document is used by
   one thread at a time; different documents may be used by different threads. */

typedef struct cpoppler_document cpoppler_document;
typedef struct cpoppler_page cpoppler_page;
typedef struct cpoppler_structure cpoppler_structure;

enum cpoppler_status {
    CPOPPLER_OK = 0,
    CPOPPLER_UNREADABLE = 1,
    CPOPPLER_LOCKED = 2,
    CPOPPLER_FAILED = 3,
    /* The page was cut at one of its limits; what was read until then is returned. */
    CPOPPLER_CUT = 4,
};

enum cpoppler_space {
    CPOPPLER_GAP = 1,
    /* The content stream draws a blank, of whatever width. */
    CPOPPLER_BLANK = 2,
};

enum cpoppler_marked_id {
    CPOPPLER_UNMARKED = -1,
    CPOPPLER_ARTIFACT = -2,
};

/* One word in poppler's reading order. Boxes are in points from the top left of the crop box. */
typedef struct {
    float left, top, right, bottom;
    /* y of the baseline, x for words that are rotated by a quarter turn. */
    float baseline;
    float font_size;
    /* Index into the page's font names, -1 when poppler does not know the font. */
    int32_t font;
    /* Position of the first glyph in the content stream: a rank within the page. */
    int32_t stream_position;
    uint32_t text_offset;
    uint32_t text_length;
    /* Number of the marked content the word's first glyph stands in: CPOPPLER_UNMARKED or
       CPOPPLER_ARTIFACT where it is in none, or in what the page repeats. */
    int32_t marked_id;
    /* Quarter turns: 0 upright, 1 reads downwards, 2 upside down, 3 reads upwards. */
    uint8_t rotation;
    /* What parts it from the next word: CPOPPLER_GAP, CPOPPLER_BLANK, or both. */
    uint8_t space_after;
    /* 1 when the word's printable ASCII glyphs (digits aside) are equally wide, 0 when not, 2 when
       it has too few of them to tell. */
    uint8_t fixed_pitch;
    /* Font descriptor flags: 1 fixed pitch, 2 bold, 4 italic. */
    uint8_t font_flags;
    /* 1 when it is drawn in the invisible text rendering mode, as a layer of OCR is. */
    uint8_t is_invisible;
} cpoppler_word;

/* Text that runs at a slant, glyph after glyph as it is drawn: mostly a watermark. */
typedef struct {
    float left, top, right, bottom;
    float font_size;
    uint32_t text_offset;
    uint32_t text_length;
} cpoppler_slanted;

/* A part of the page, in the same space as the words. */
typedef struct {
    float left, top, right, bottom;
} cpoppler_box;

/* A picture as it is drawn. */
typedef struct {
    cpoppler_box box;
    /* Of the picture itself, in pixels; 0 where they are not known. */
    int32_t width, height;
    /* Rank in the page's content: words of smaller positions lie under it. */
    int32_t stream_position;
    /* 1 when its pixels are black or white. */
    uint8_t is_bilevel;
    /* 1 when nothing is seen through it. */
    uint8_t is_opaque;
} cpoppler_picture;

typedef struct {
    const cpoppler_word *words;
    size_t word_count;
    /* In drawing order; their text stands in `text`, too. */
    const cpoppler_slanted *slanted;
    size_t slanted_count;
    /* Valid UTF-8; surrogates are U+FFFD. Glyphs of a word run left to right as printed. */
    const uint8_t *text;
    size_t text_length;
    /* Font names without the subset prefix, in first-use order, each ended by NUL. */
    const uint8_t *fonts;
    size_t fonts_length;
    /* Horizontal and vertical lines, in drawing order. */
    const cpoppler_box *rules;
    size_t rule_count;
    /* The parts of articles on this page, in their order (ISO 32000-1, 12.4.3). */
    const cpoppler_box *beads;
    size_t bead_count;
    /* In drawing order; those past some thousands are left out. */
    const cpoppler_picture *pictures;
    size_t picture_count;
    /* Of the crop box, after the page's own rotation. */
    double width, height;
    /* Glyphs that the fonts map to no character, blanks aside. */
    size_t unmapped_glyphs;
    /* Glyphs of lines that run off the right edge of the sheet, which stand beyond it. */
    size_t overflowing_glyphs;
} cpoppler_page_view;

/* What reading one page may cost: content stream operators, glyphs, drawn forms, and decoded bytes
   of the content streams of the page and its forms. */
typedef struct {
    size_t operators;
    size_t glyphs;
    size_t forms;
    size_t content;
} cpoppler_limits;

/* Silences poppler and builds its global tables, so that a process may give up file access
   afterwards (CJK files without embedded CMaps still read /usr/share/poppler). Idempotent and
   thread-safe. */
void cpoppler_prepare(void);

/* Opens a document over `bytes`, which must outlive it. On any status but CPOPPLER_OK the result is
   NULL. Each of `passwords` (NUL-ended) is tried as owner and as user password. */
cpoppler_document *cpoppler_open(
    const uint8_t *bytes, size_t length,
    const char *const *passwords, size_t password_count,
    int *status);
void cpoppler_close(cpoppler_document *document);

int cpoppler_page_count(const cpoppler_document *document);

/* Reads the words of a page (0-based); NULL with CPOPPLER_FAILED when it cannot be read. */
cpoppler_page *cpoppler_read_page(
    cpoppler_document *document, int index, cpoppler_limits limits, int *status);
cpoppler_page_view cpoppler_view(const cpoppler_page *page);
void cpoppler_free_page(cpoppler_page *page);

/* An entry of the document information dictionary as UTF-8, NULL when absent; release with
   cpoppler_free_text. */
char *cpoppler_info(cpoppler_document *document, const char *key, size_t *length);

/* The printed label of a page (0-based) as UTF-8, NULL when the file has none; release with
   cpoppler_free_text. */
char *cpoppler_page_label(cpoppler_document *document, int index, size_t *length);

/* The outline as lines "depth TAB title LF" in UTF-8, depth from 1, at most `entry_limit` entries;
   NULL without an outline; release with cpoppler_free_text. */
char *cpoppler_outline(cpoppler_document *document, size_t entry_limit, size_t *length);

void cpoppler_free_text(char *text);

enum cpoppler_role {
    CPOPPLER_OTHER_ELEMENT = 0,
    CPOPPLER_PARAGRAPH = 1,
    CPOPPLER_TABLE = 2,
    CPOPPLER_TABLE_ROW = 3,
    CPOPPLER_TABLE_CELL = 4,
    CPOPPLER_CODE = 5,
    CPOPPLER_LIST = 6,
    CPOPPLER_LIST_ITEM = 7,
    CPOPPLER_CAPTION = 8,
    CPOPPLER_NOTE = 9,
    CPOPPLER_FIGURE = 10,
    /* A heading without a level. */
    CPOPPLER_HEADING = 16,
    /* Level 1; levels 2 to 6 follow. */
    CPOPPLER_HEADING_1 = 17,
};

/* An element of a tagged file's structure tree; a parent stands before its children. */
typedef struct {
    int32_t parent;
    uint8_t role;
} cpoppler_element;

/* Marked content `marked_id` of a page (0-based) belongs to an element. */
typedef struct {
    int32_t page;
    int32_t marked_id;
    int32_t element;
} cpoppler_content_item;

/* The structure tree, at most `limit` nodes of it; NULL when the file is not tagged. */
cpoppler_structure *cpoppler_read_structure(cpoppler_document *document, size_t limit);
const cpoppler_element *cpoppler_elements(const cpoppler_structure *structure, size_t *count);
const cpoppler_content_item *cpoppler_content_items(
    const cpoppler_structure *structure, size_t *count);
void cpoppler_free_structure(cpoppler_structure *structure);

/* The functions above, for one of poppler's two doors. A door opens the documents that it is given back:
   they are of its own kind. read_structure is NULL where a door knows no structure tree. */
typedef struct {
    /* What it goes through, for people. */
    const char *name;
    /* Of poppler. */
    const char *(*version)(void);
    void (*prepare)(void);
    cpoppler_document *(*open)(
        const uint8_t *bytes, size_t length,
        const char *const *passwords, size_t password_count,
        int *status);
    void (*close)(cpoppler_document *document);
    int (*page_count)(const cpoppler_document *document);
    cpoppler_page *(*read_page)(
        cpoppler_document *document, int index, cpoppler_limits limits, int *status);
    cpoppler_page_view (*view)(const cpoppler_page *page);
    void (*free_page)(cpoppler_page *page);
    char *(*info)(cpoppler_document *document, const char *key, size_t *length);
    char *(*page_label)(cpoppler_document *document, int index, size_t *length);
    char *(*outline)(cpoppler_document *document, size_t entry_limit, size_t *length);
    cpoppler_structure *(*read_structure)(cpoppler_document *document, size_t limit);
} cpoppler_door;

/* The door of the private headers; NULL where the build had headers of a version that this binding is
   not written for. */
const cpoppler_door *cpoppler_private_door(void);

#ifdef __cplusplus
}
#endif

#endif
