#define _GNU_SOURCE
#include "architecture.h"
#include "cprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef NATIVE_ARCHITECTURE

#define CALL(number, answer) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, answer)
#define REFUSED(code) (SECCOMP_RET_ERRNO | (code))
#define ARGUMENT(index) \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + (index) * 8)
#define FOREIGN_CALLS 0x40000000 /* the x32 numbers of x86-64 */

/* No way out of this machine or into another process, whatever else the program does: sockets are local
   streams that nothing is reached by, and the calls that go around this filter look unknown. */
static int forbid_reaching_out(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, REFUSED(EPERM)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FOREIGN_CALLS, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, REFUSED(ENOSYS)),
        CALL(SYS_connect, REFUSED(ECONNREFUSED)),
        /* LibreOffice does not start without a socket in /tmp, where it waits for another of its
           kind: it is told that it has one. */
        CALL(SYS_bind, REFUSED(0)),
        CALL(SYS_listen, REFUSED(0)),
        CALL(SYS_ptrace, REFUSED(EPERM)),
        CALL(SYS_process_vm_readv, REFUSED(EPERM)),
        CALL(SYS_process_vm_writev, REFUSED(EPERM)),
        CALL(SYS_mount, REFUSED(EPERM)),
        CALL(SYS_unshare, REFUSED(EPERM)),
        CALL(SYS_setns, REFUSED(EPERM)),
        CALL(SYS_bpf, REFUSED(EPERM)),
        CALL(SYS_perf_event_open, REFUSED(EPERM)),
        CALL(SYS_add_key, REFUSED(EPERM)),
        CALL(SYS_request_key, REFUSED(EPERM)),
        CALL(SYS_keyctl, REFUSED(EPERM)),
        CALL(425 /* io_uring_setup */, REFUSED(ENOSYS)),
        CALL(426 /* io_uring_enter */, REFUSED(ENOSYS)),
        CALL(427 /* io_uring_register */, REFUSED(ENOSYS)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        ARGUMENT(0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, REFUSED(EACCES)),
        ARGUMENT(1),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xF),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, REFUSED(EACCES)),
    };
    const struct sock_fprog filter = {sizeof code / sizeof code[0], code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 ? 0 : errno;
}

#else

static int forbid_reaching_out(void) { return ENOSYS; }

#endif

static void limit(int resource, size_t most, size_t more) {
    const struct rlimit both = {most, most + more};
    setrlimit((__rlimit_resource_t)resource, &both);
}

/* What the child does until it is the program; on failure tells `report` an errno. */
static void become(
    const struct cprocess_confinement *how, char *const arguments[], char *const environment[],
    int report) {
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 || dup2(nothing, 2) < 0) goto failed;
    if (chdir(how->folder) != 0) goto failed;
    limit(RLIMIT_CORE, 0, 0);
    /* Where both are equal the kernel kills at once, and nothing tells that from a crash: SIGXCPU does. */
    limit(RLIMIT_CPU, how->processor_seconds, 1);
    limit(RLIMIT_AS, how->address_space_bytes, 0);
    limit(RLIMIT_FSIZE, how->file_bytes, 0);
    if (cprocess_forbid_new_privileges() != 0) goto failed;
    const int abi = cprocess_landlock_abi();
    if (abi > 0 && (errno = cprocess_landlock_around(abi, how)) != 0) goto failed;
    if ((errno = forbid_reaching_out()) != 0 && errno != ENOSYS) goto failed;
    execve(arguments[0], arguments, environment);
failed:;
    const int failure = errno;
    (void)!write(report, &failure, sizeof failure);
    _exit(127);
}

int cprocess_spawn_confined(
    pid_t *process, const struct cprocess_confinement *how, char *const arguments[],
    char *const environment[]) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    *process = fork();
    if (*process < 0) {
        const int failure = errno;
        close(report[0]);
        close(report[1]);
        return failure;
    }
    if (*process == 0) become(how, arguments, environment, report[1]);
    /* From both sides, so that the group is there whoever comes first. */
    setpgid(*process, *process);
    close(report[1]);
    int failure = 0;
    ssize_t count;
    do count = read(report[0], &failure, sizeof failure);
    while (count < 0 && errno == EINTR);
    close(report[0]);
    if (count != sizeof failure) return 0;
    waitpid(*process, NULL, 0);
    return failure;
}

int cprocess_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? 0 : errno; }

