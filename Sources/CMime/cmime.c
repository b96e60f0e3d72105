#include "cmime.h"

#include <gmime/gmime.h>

static gpointer start(gpointer unused) {
    (void)unused;
    g_mime_init();
    return NULL;
}

cmime_message *cmime_parse(const uint8_t *bytes, size_t count) {
    static GOnce once = G_ONCE_INIT;
    g_once(&once, start, NULL);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, count);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_object_unref(stream);
    g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    return (cmime_message *)message;
}

void cmime_free(cmime_message *message) {
    if (message) g_object_unref(message);
}

cmime_part *cmime_body(cmime_message *message) {
    return (cmime_part *)g_mime_message_get_mime_part((GMimeMessage *)message);
}

cmime_kind cmime_kind_of(cmime_part *part) {
    if (GMIME_IS_MULTIPART(part)) return CMIME_MULTIPART;
    return GMIME_IS_MESSAGE_PART(part) ? CMIME_MESSAGE : CMIME_LEAF;
}

int cmime_count(cmime_part *part) {
    return GMIME_IS_MULTIPART(part) ? g_mime_multipart_get_count((GMimeMultipart *)part) : 0;
}

cmime_part *cmime_at(cmime_part *multipart, int index) {
    return (cmime_part *)g_mime_multipart_get_part((GMimeMultipart *)multipart, index);
}

static GMimeHeaderList *headers(void *object) {
    return g_mime_object_get_header_list((GMimeObject *)object);
}

int cmime_message_header_count(cmime_message *message) {
    return g_mime_header_list_get_count(headers(message));
}

const char *cmime_message_header_name(cmime_message *message, int index) {
    return g_mime_header_get_name(g_mime_header_list_get_header_at(headers(message), index));
}

const char *cmime_message_header_value(cmime_message *message, int index) {
    return g_mime_header_get_raw_value(g_mime_header_list_get_header_at(headers(message), index));
}

const char *cmime_part_header(cmime_part *part, const char *name) {
    GMimeHeader *header = g_mime_header_list_get_header(headers(part), name);
    return header ? g_mime_header_get_raw_value(header) : NULL;
}

uint8_t *cmime_content(cmime_part *part, size_t *count) {
    *count = 0;
    GByteArray *array = g_byte_array_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(array);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message((GMimeMessagePart *)part);
        if (message) g_mime_object_write_to_stream((GMimeObject *)message, NULL, stream);
    } else if (GMIME_IS_PART(part)) {
        GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)part);
        if (content) g_mime_data_wrapper_write_to_stream(content, stream);
    }
    g_mime_stream_flush(stream);
    g_object_unref(stream);
    *count = array->len;
    uint8_t *bytes = g_byte_array_free(array, FALSE);
    if (*count > 0) return bytes;
    g_free(bytes);
    return NULL;
}

void cmime_release(uint8_t *content) { g_free(content); }

const char *cmime_version(void) {
    static char version[32];
    g_snprintf(version, sizeof version, "%u.%u.%u", gmime_major_version, gmime_minor_version,
               gmime_micro_version);
    return version;
}
