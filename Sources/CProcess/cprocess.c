#define _GNU_SOURCE
#include "cprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

int cprocess_pipe(int descriptors[2], int bufferBytes) {
    if (pipe2(descriptors, O_CLOEXEC) != 0) return -1;
    if (bufferBytes > 0) fcntl(descriptors[1], F_SETPIPE_SZ, bufferBytes);
    return 0;
}

ssize_t cprocess_write(int descriptor, const struct iovec *parts, int count) {
    sigset_t pipe, before;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    const ssize_t written = writev(descriptor, parts, count);
    const int failure = errno;
    if (written < 0 && failure == EPIPE) {
        /* Takes the signal of this write; one that is ignored was never sent. */
        const struct timespec now = {0, 0};
        while (sigtimedwait(&pipe, NULL, &now) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = failure;
    return written;
}

int cprocess_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

void cprocess_bound_allocator(void) {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}
