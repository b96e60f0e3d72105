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

#ifdef __cplusplus
}
#endif

#endif
