#include "door.h"

#ifdef CPOPPLER_HAS_GLIB

#include <stdlib.h>
#include <string.h>

/* Documents, and what they say of themselves. */

static void discard(
    const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain;
    (void)level;
    (void)message;
    (void)data;
}

static void prepare(void) {
    /* poppler-glib writes its complaints, which may quote the document, to a handler. */
    g_log_set_default_handler(discard, NULL);
}

static PopplerDocument *opened(GBytes *bytes, const char *password, gboolean *locked) {
    GError *error = NULL;
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, password, &error);
    *locked = g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
    g_clear_error(&error);
    return document;
}

static cpoppler_document *open_document(
    const uint8_t *bytes, size_t length,
    const char *const *passwords, size_t password_count,
    int *status) {
    *status = CPOPPLER_UNREADABLE;
    if (length == 0 || length > G_MAXINT) return NULL;
    GBytes *source = g_bytes_new_static(bytes, length);
    gboolean locked = FALSE;
    PopplerDocument *document = opened(source, NULL, &locked);
    for (size_t i = 0; i < password_count && !document && locked; i++)
        document = opened(source, passwords[i], &locked);
    g_bytes_unref(source);
    if (!document) {
        if (locked) *status = CPOPPLER_LOCKED;
        return NULL;
    }
    *status = CPOPPLER_OK;
    return (cpoppler_document *)document;
}

static void close_document(cpoppler_document *document) { g_object_unref(document); }

static int page_count(const cpoppler_document *document) {
    return poppler_document_get_n_pages(POPPLER_DOCUMENT((void *)document));
}

/* A copy that free(3) releases, as the other door's; takes `text`. */
static char *given(char *text, size_t *length) {
    *length = 0;
    if (!text || !*text) {
        g_free(text);
        return NULL;
    }
    const size_t count = strlen(text);
    char *copy = malloc(count + 1);
    if (copy) {
        memcpy(copy, text, count + 1);
        *length = count;
    }
    g_free(text);
    return copy;
}

/* As the file writes it: D:YYYYMMDDHHmmSS+HH'mm'. */
static char *date_text(GDateTime *date) {
    if (!date) return NULL;
    char *text = g_date_time_format(date, "D:%Y%m%d%H%M%SZ");
    g_date_time_unref(date);
    return text;
}

static char *utc_text(GDateTime *date) {
    if (!date) return NULL;
    GDateTime *utc = g_date_time_to_utc(date);
    g_date_time_unref(date);
    return date_text(utc);
}

static char *info(cpoppler_document *handle, const char *key, size_t *length) {
    PopplerDocument *document = POPPLER_DOCUMENT((void *)handle);
    char *text = NULL;
    if (!strcmp(key, "Title")) text = poppler_document_get_title(document);
    if (!strcmp(key, "Author")) text = poppler_document_get_author(document);
    if (!strcmp(key, "Subject")) text = poppler_document_get_subject(document);
    if (!strcmp(key, "CreationDate"))
        text = utc_text(poppler_document_get_creation_date_time(document));
    if (!strcmp(key, "ModDate"))
        text = utc_text(poppler_document_get_modification_date_time(document));
    return given(text, length);
}

static char *page_label(cpoppler_document *document, int index, size_t *length) {
    *length = 0;
    PopplerPage *page = poppler_document_get_page(POPPLER_DOCUMENT((void *)document), index);
    if (!page) return NULL;
    char *label = NULL;
    g_object_get(page, "label", &label, NULL);
    g_object_unref(page);
    return given(label, length);
}

enum { outline_depth_limit = 16 };

static void add_outline(GString *out, PopplerIndexIter *item, int depth, size_t *left) {
    if (depth > outline_depth_limit) return;
    do {
        if (*left == 0) return;
        *left -= 1;
        PopplerAction *action = poppler_index_iter_get_action(item);
        g_string_append_printf(out, "%d\t", depth);
        for (const char *c = action->any.title ? action->any.title : ""; *c; c++)
            g_string_append_c(out, (unsigned char)*c < 0x20 ? ' ' : *c);
        g_string_append_c(out, '\n');
        poppler_action_free(action);
        PopplerIndexIter *child = poppler_index_iter_get_child(item);
        if (child) add_outline(out, child, depth + 1, left);
        if (child) poppler_index_iter_free(child);
    } while (poppler_index_iter_next(item));
}

static char *outline(cpoppler_document *document, size_t entry_limit, size_t *length) {
    *length = 0;
    PopplerIndexIter *item = poppler_index_iter_new(POPPLER_DOCUMENT((void *)document));
    if (!item) return NULL;
    GString *text = g_string_new(NULL);
    size_t left = entry_limit;
    add_outline(text, item, 1, &left);
    poppler_index_iter_free(item);
    return given(g_string_free(text, FALSE), length);
}

static const char *version(void) { return poppler_get_version(); }

const cpoppler_door *cpoppler_public_door(void) {
    static const cpoppler_door door = {
        .name = "poppler-glib",
        .version = version,
        .prepare = prepare,
        .open = open_document,
        .close = close_document,
        .page_count = page_count,
        .read_page = cpoppler_public_read_page,
        .view = cpoppler_public_view,
        .free_page = cpoppler_public_free_page,
        .info = info,
        .page_label = page_label,
        .outline = outline,
    };
    return &door;
}

#else

const cpoppler_door *cpoppler_public_door(void) { return NULL; }

#endif
