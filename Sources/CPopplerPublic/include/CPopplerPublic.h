#ifndef CPOPPLER_PUBLIC_H
#define CPOPPLER_PUBLIC_H

#include "CPoppler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* poppler by its public door, poppler-glib: stable over versions. Its text has no structure tree,
   rules or positions in the content stream, and it loses words, so it is the reader of last resort.
   NULL where the build found no poppler-glib. */
const cpoppler_door *cpoppler_public_door(void);

/* A page (0-based) of a document that this door opened, painted into width times height grey pixels, row
   after row from the top; NULL when it cannot be. Release with free(3). */
uint8_t *cpoppler_public_render(cpoppler_document *document, int index, int width, int height);

#ifdef __cplusplus
}
#endif

#endif
