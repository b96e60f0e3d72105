#define _GNU_SOURCE
#include "cprocess.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int cprocess_pipe(int descriptors[2], int bufferBytes) {
    if (pipe2(descriptors, O_CLOEXEC) != 0) return -1;
    if (bufferBytes > 0) fcntl(descriptors[1], F_SETPIPE_SZ, bufferBytes);
    return 0;
}

int cprocess_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

void cprocess_bound_allocator(void) {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}
