#define _GNU_SOURCE
#include "cprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int closed(int descriptor) {
    if (descriptor < 0) return errno;
    close(descriptor);
    return 0;
}

static int create_file(void) {
    const char *path = "/tmp/millrace-sandbox-probe";
    const int failure = closed(open(path, O_CREAT | O_EXCL | O_WRONLY, 0600));
    if (failure == 0) unlink(path);
    return failure;
}

static int start_process(void) {
    const long process = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (process < 0) return errno;
    if (process == 0) _exit(0);
    waitpid((pid_t)process, NULL, 0);
    return 0;
}

static int run_program(void) {
    char *const arguments[] = {"true", NULL};
    char *const environment[] = {NULL};
    execve("/bin/true", arguments, environment);
    return errno;
}

static int make_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return errno;
    munmap(page, 4096);
    return 0;
}

int cprocess_attempt(enum cprocess_attempt attempt) {
    switch (attempt) {
    case CPROCESS_READ_FILE: return closed(open("/etc/passwd", O_RDONLY));
    case CPROCESS_LIST_FOLDER: return closed(open("/", O_RDONLY | O_DIRECTORY));
    case CPROCESS_CREATE_FILE: return create_file();
    case CPROCESS_INTERNET_SOCKET: return closed(socket(AF_INET, SOCK_STREAM, 0));
    case CPROCESS_LOCAL_SOCKET: return closed(socket(AF_UNIX, SOCK_STREAM, 0));
    case CPROCESS_SIGNAL_PARENT: return kill(getppid(), 0) == 0 ? 0 : errno;
    /* Seizing, unlike attaching, does not stop the parent; this process's end releases it. */
    case CPROCESS_TRACE: return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0 ? 0 : errno;
    case CPROCESS_MAKE_CODE: return make_code();
    case CPROCESS_START_PROCESS: return start_process();
    case CPROCESS_RUN_PROGRAM: return run_program();
    }
    return EINVAL;
}
