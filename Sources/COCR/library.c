#include "library.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static cocr_library library;
static int is_loaded, was_tried;

/* A function's address has the form of a pointer to data here (POSIX, dlsym). */
static int find(void *handle, const char *name, void *place) {
    void *address = handle ? dlsym(handle, name) : NULL;
    memcpy(place, &address, sizeof address);
    return address != NULL;
}

int cocr_load(void) {
    if (was_tried) return is_loaded;
    was_tried = 1;
    /* OpenMP reads it when it is loaded. */
    setenv("OMP_THREAD_LIMIT", "1", 1);
    void *tesseract = dlopen("libtesseract.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!tesseract) tesseract = dlopen("libtesseract.so.4", RTLD_NOW | RTLD_LOCAL);
    /* Tesseract's own: it has loaded it, and passes pictures of it. */
    int found = tesseract != NULL;
#define FIND(result, name, arguments) found = found && find(tesseract, #name, &library.name);
    COCR_TESSERACT_FUNCTIONS(FIND)
    COCR_LEPTONICA_FUNCTIONS(FIND)
#undef FIND
    if (found) {
        enum { no_messages = 6 };
        library.setMsgSeverity(no_messages);
    }
    is_loaded = found;
    return is_loaded;
}

const cocr_library *cocr_the_library(void) { return cocr_load() ? &library : NULL; }

const char *cocr_version(void) {
    const cocr_library *loaded = cocr_the_library();
    return loaded ? loaded->TessVersion() : NULL;
}
