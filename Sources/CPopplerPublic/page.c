#include "door.h"

#ifdef CPOPPLER_HAS_GLIB

#include <string.h>

/* A page's words, cut from its text where poppler-glib puts blanks and line ends. */

struct cpoppler_page {
    GArray *words;
    GString *text;
    /* Font names, each ended by NUL. */
    GString *fonts;
    GPtrArray *names;
    GArray *pictures;
    double width, height;
};

/* Index of a font by its name without the subset's prefix, "ABCDEF+". */
static int32_t font_index(cpoppler_page *page, const char *name) {
    if (!name) return -1;
    if (strlen(name) > 7 && name[6] == '+') name += 7;
    for (guint i = 0; i < page->names->len; i++)
        if (!strcmp(g_ptr_array_index(page->names, i), name)) return (int32_t)i;
    g_ptr_array_add(page->names, g_strdup(name));
    g_string_append_len(page->fonts, name, (gssize)strlen(name) + 1);
    return (int32_t)page->names->len - 1;
}

static gboolean is_blank(gunichar c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static void finish_word(cpoppler_page *page, cpoppler_word *word, gboolean has_space) {
    if (word->text_length == 0) return;
    /* Four fifths of a line's box stand above the baseline, as in most fonts. */
    word->baseline = word->top + 0.8f * (word->bottom - word->top);
    if (word->font_size <= 0) word->font_size = word->bottom - word->top;
    word->space_after = has_space ? CPOPPLER_BLANK : 0;
    g_array_append_val(page->words, *word);
    word->text_length = 0;
}

static void begin_word(
    cpoppler_page *page, cpoppler_word *word, const PopplerRectangle *box,
    const PopplerTextAttributes *attributes, int position) {
    *word = (cpoppler_word){
        .left = (float)box->x1, .top = (float)box->y1,
        .right = (float)box->x2, .bottom = (float)box->y2,
        .font_size = attributes ? (float)attributes->font_size : 0,
        .font = attributes ? font_index(page, attributes->font_name) : -1,
        .stream_position = position,
        .text_offset = (uint32_t)page->text->len,
        .marked_id = CPOPPLER_UNMARKED,
        .fixed_pitch = 2,
    };
}

static void widen(cpoppler_word *word, const PopplerRectangle *box) {
    word->left = MIN(word->left, (float)box->x1);
    word->top = MIN(word->top, (float)box->y1);
    word->right = MAX(word->right, (float)box->x2);
    word->bottom = MAX(word->bottom, (float)box->y2);
}

/* poppler-glib has one box for each character of the text. */
static void add_words(
    cpoppler_page *page, const char *text, const PopplerRectangle *boxes, guint box_count,
    GList *attributes) {
    cpoppler_word word = {.text_length = 0};
    guint index = 0;
    for (const char *c = text; *c && index < box_count; c = g_utf8_next_char(c), index++) {
        const gunichar character = g_utf8_get_char(c);
        if (is_blank(character)) {
            finish_word(page, &word, character != '\n');
            continue;
        }
        while (attributes && (guint)((PopplerTextAttributes *)attributes->data)->end_index < index)
            attributes = attributes->next;
        if (word.text_length == 0)
            begin_word(
                page, &word, &boxes[index], attributes ? attributes->data : NULL, (int)index);
        widen(&word, &boxes[index]);
        const size_t bytes = (size_t)(g_utf8_next_char(c) - c);
        g_string_append_len(page->text, c, (gssize)bytes);
        word.text_length += (uint32_t)bytes;
    }
    finish_word(page, &word, FALSE);
}

/* poppler-glib tells a picture's pixels only with the pixels themselves. */
static void add_pictures(cpoppler_page *page, PopplerPage *source) {
    GList *mapping = poppler_page_get_image_mapping(source);
    for (GList *item = mapping; item; item = item->next) {
        const PopplerRectangle *area = &((PopplerImageMapping *)item->data)->area;
        const cpoppler_picture picture = {
            .box = {
                .left = (float)MIN(area->x1, area->x2), .top = (float)MIN(area->y1, area->y2),
                .right = (float)MAX(area->x1, area->x2), .bottom = (float)MAX(area->y1, area->y2),
            },
        };
        g_array_append_val(page->pictures, picture);
    }
    poppler_page_free_image_mapping(mapping);
}

/* With more words a page is not looked at as a picture. */
enum { stamp_word_limit = 200 };

cpoppler_page *cpoppler_public_read_page(
    cpoppler_document *document, int index, cpoppler_limits limits, int *status) {
    *status = CPOPPLER_FAILED;
    PopplerPage *source = poppler_document_get_page(POPPLER_DOCUMENT((void *)document), index);
    if (!source) return NULL;
    cpoppler_page *page = g_new0(cpoppler_page, 1);
    page->words = g_array_new(FALSE, FALSE, sizeof(cpoppler_word));
    page->text = g_string_new(NULL);
    page->fonts = g_string_new(NULL);
    page->names = g_ptr_array_new_with_free_func(g_free);
    page->pictures = g_array_new(FALSE, FALSE, sizeof(cpoppler_picture));
    poppler_page_get_size(source, &page->width, &page->height);
    *status = CPOPPLER_OK;
    char *text = poppler_page_get_text(source);
    PopplerRectangle *boxes = NULL;
    guint box_count = 0;
    if (text && poppler_page_get_text_layout(source, &boxes, &box_count)) {
        if (box_count > limits.glyphs) {
            box_count = (guint)limits.glyphs;
            *status = CPOPPLER_CUT;
        }
        GList *attributes = poppler_page_get_text_attributes(source);
        add_words(page, text, boxes, box_count, attributes);
        poppler_page_free_text_attributes(attributes);
    }
    g_free(boxes);
    g_free(text);
    if (page->words->len <= stamp_word_limit) add_pictures(page, source);
    g_object_unref(source);
    return page;
}

cpoppler_page_view cpoppler_public_view(const cpoppler_page *page) {
    return (cpoppler_page_view){
        .words = (const cpoppler_word *)(void *)page->words->data,
        .word_count = page->words->len,
        .text = (const uint8_t *)page->text->str,
        .text_length = page->text->len,
        .fonts = (const uint8_t *)page->fonts->str,
        .fonts_length = page->fonts->len,
        .width = page->width,
        .height = page->height,
        .pictures = (const cpoppler_picture *)(void *)page->pictures->data,
        .picture_count = page->pictures->len,
    };
}

void cpoppler_public_free_page(cpoppler_page *page) {
    g_array_free(page->words, TRUE);
    g_string_free(page->text, TRUE);
    g_string_free(page->fonts, TRUE);
    g_ptr_array_free(page->names, TRUE);
    g_array_free(page->pictures, TRUE);
    g_free(page);
}

#endif
