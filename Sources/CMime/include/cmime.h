#ifndef CMIME_H
#define CMIME_H

#include <stddef.h>
#include <stdint.h>

/* The parts of a message as GMime sees them. GMime splits and undoes transfer encodings; nothing here
   converts a charset, because iconv opens files that the worker's sandbox has not. */

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cmime_message cmime_message;
typedef struct cmime_part cmime_part;

typedef enum { CMIME_LEAF, CMIME_MULTIPART, CMIME_MESSAGE } cmime_kind;

/* The parsed message, or NULL where the bytes are none. To be freed; the bytes are copied. */
cmime_message *cmime_parse(const uint8_t *bytes, size_t count);
void cmime_free(cmime_message *message);

/* The part that a message's headers describe; NULL where there is none. Parts live as long as their
   message. */
cmime_part *cmime_body(cmime_message *message);

cmime_kind cmime_kind_of(cmime_part *part);
/* Parts of a multipart; 0 of others. */
int cmime_count(cmime_part *part);
cmime_part *cmime_at(cmime_part *multipart, int index);

/* Header fields in their order, the Content-… ones at the part and all others at the message. Values are
   folded and coded as in the file, and end at a NUL. */
int cmime_message_header_count(cmime_message *message);
const char *cmime_message_header_name(cmime_message *message, int index);
const char *cmime_message_header_value(cmime_message *message, int index);
/* NULL where the part has no such field. */
const char *cmime_part_header(cmime_part *part, const char *name);

/* A leaf's content without its transfer encoding, or the message that a part holds as it would be a file.
   To be released with cmime_release; NULL and a count of 0 where there is nothing. */
uint8_t *cmime_content(cmime_part *part, size_t *count);
void cmime_release(uint8_t *content);

const char *cmime_version(void);

#ifdef __cplusplus
}
#endif

#endif
