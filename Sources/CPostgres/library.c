#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#define FIELD(result, name, parameters, arguments) result(*name) parameters;
static struct {
    PGconn *(*PQconnectdb)(const char *connection_string);
    CPOSTGRES_FUNCTIONS(FIELD)
} library;
#undef FIELD

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

/* A function's address has the form of a pointer to data here (POSIX, dlsym). */
static int find(void *handle, const char *name, void *place) {
    void *address = dlsym(handle, name);
    memcpy(place, &address, sizeof address);
    return address != NULL;
}

static void load(void) {
    void *handle = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return;
    int found = find(handle, "PQconnectdb", &library.PQconnectdb);
#define FIND(result, name, parameters, arguments) found = found && find(handle, #name, &library.name);
    CPOSTGRES_FUNCTIONS(FIND)
#undef FIND
    is_loaded = found;
}

int cpostgres_load(void) {
    pthread_once(&once, load);
    return is_loaded;
}

PGconn *PQconnectdb(const char *connection_string) {
    return cpostgres_load() ? library.PQconnectdb(connection_string) : NULL;
}

/* Who has a connection or a result has the library. */
#define FORWARD(result, name, parameters, arguments) \
    result name parameters { return library.name arguments; }
CPOSTGRES_FUNCTIONS(FORWARD)
#undef FORWARD
