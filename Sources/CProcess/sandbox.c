#define _GNU_SOURCE
#include "architecture.h"
#include "cprocess.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int cprocess_forbid_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

int cprocess_thread_count(void) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return 0;
    int count = 0;
    for (struct dirent *entry = readdir(tasks); entry; entry = readdir(tasks))
        if (entry->d_name[0] != '.') count++;
    closedir(tasks);
    return count;
}

static void close_range_of(unsigned first, unsigned last) {
    if (first > last) return;
    if (syscall(436 /* close_range, Linux 5.9 */, first, last, 0) == 0) return;
    const long limit = sysconf(_SC_OPEN_MAX);
    const unsigned end = limit > 0 && limit < 65536 ? (unsigned)limit : 65536;
    for (unsigned descriptor = first; descriptor <= last && descriptor < end; descriptor++)
        close((int)descriptor);
}

void cprocess_close_descriptors_from(int first) {
    close_range_of((unsigned)first, UINT32_MAX);
}

/* Landlock's numbers are written out: the headers of a distribution are older than its kernel. */
enum {
    landlock_create_ruleset = 444,
    landlock_add_rule = 445,
    landlock_restrict_self = 446,
    landlock_version_flag = 1,
    landlock_rule_path = 1,
};

#define LANDLOCK_RUN_FILE (1ULL << 0)
#define LANDLOCK_WRITE_FILE (1ULL << 1)
#define LANDLOCK_READ_FILE (1ULL << 2)
#define LANDLOCK_READ_FOLDER (1ULL << 3)

struct landlock_rules {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

struct landlock_path {
    uint64_t allowed;
    int32_t folder;
} __attribute__((packed));

int cprocess_landlock_abi(void) {
    const long abi = syscall(landlock_create_ruleset, NULL, 0, landlock_version_flag);
    return abi > 0 ? (int)abi : 0;
}

/* Every right the ABI knows is handled, and so refused unless a rule gives it back. */
static struct landlock_rules everything(int abi, size_t *byte_count) {
    int file_rights = 13;
    if (abi >= 2) file_rights = 14;
    if (abi >= 3) file_rights = 15;
    if (abi >= 5) file_rights = 16;
    struct landlock_rules rules = {(1ULL << file_rights) - 1, 0, 0};
    *byte_count = sizeof(uint64_t);
    if (abi >= 4) {
        rules.network = 3; /* bind and connect, TCP */
        *byte_count = 2 * sizeof(uint64_t);
    }
    if (abi >= 6) {
        rules.scopes = 3; /* abstract sockets and signals */
        *byte_count = 3 * sizeof(uint64_t);
    }
    return rules;
}

/* Gives rights back below a path: of a file those that a file has; what is absent has none to give. */
static int give(int ruleset, const char *path, uint64_t rights) {
    const int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0) return 0;
    struct stat status;
    const uint64_t of_files = LANDLOCK_RUN_FILE | LANDLOCK_WRITE_FILE | LANDLOCK_READ_FILE;
    if (fstat(place, &status) == 0 && !S_ISDIR(status.st_mode)) rights &= of_files;
    const struct landlock_path rule = {rights, place};
    const int failure =
        syscall(landlock_add_rule, ruleset, landlock_rule_path, &rule, 0) == 0 ? 0 : errno;
    close(place);
    return failure;
}

static int restrict_to(int ruleset, int failure) {
    if (!failure && syscall(landlock_restrict_self, ruleset, 0) != 0) failure = errno;
    close(ruleset);
    return failure;
}

int cprocess_landlock(int abi, const char *const *readable, size_t count) {
    size_t byte_count = 0;
    const struct landlock_rules rules = everything(abi, &byte_count);
    const int ruleset = (int)syscall(landlock_create_ruleset, &rules, byte_count, 0);
    if (ruleset < 0) return errno;
    int failure = 0;
    for (size_t i = 0; i < count && !failure; i++)
        failure = give(ruleset, readable[i], LANDLOCK_READ_FILE | LANDLOCK_READ_FOLDER);
    return restrict_to(ruleset, failure);
}

int cprocess_landlock_around(int abi, const struct cprocess_confinement *how) {
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"};
    const uint64_t use = LANDLOCK_READ_FILE | LANDLOCK_READ_FOLDER | LANDLOCK_RUN_FILE;
    size_t byte_count = 0;
    const struct landlock_rules rules = everything(abi, &byte_count);
    const int ruleset = (int)syscall(landlock_create_ruleset, &rules, byte_count, 0);
    if (ruleset < 0) return errno;
    int failure = give(ruleset, how->folder, rules.files);
    for (size_t i = 0; i < sizeof devices / sizeof devices[0] && !failure; i++)
        failure = give(ruleset, devices[i], LANDLOCK_READ_FILE | LANDLOCK_WRITE_FILE);
    for (size_t i = 0; i < how->readable_count && !failure; i++)
        failure = give(ruleset, how->readable[i], use);
    return restrict_to(ruleset, failure);
}

#ifdef NATIVE_ARCHITECTURE

#define REFUSED(code) (SECCOMP_RET_ERRNO | (code))
#define FIRST_UNIFIED_CALL 424 /* from here on every architecture has the same numbers */
#define ANY_WRITE (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

/* What parsing, allocating and threads need, the most frequent first. */
static const int allowed_calls[] = {
    SYS_read, SYS_write, SYS_futex, SYS_munmap, SYS_madvise, SYS_brk, SYS_mremap, SYS_ppoll,
    SYS_readv, SYS_writev, SYS_getrusage, SYS_setrlimit, SYS_getrlimit, SYS_clock_gettime,
    SYS_close, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_lseek, SYS_pread64, SYS_getdents64,
    SYS_fcntl, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_getrandom, SYS_clock_getres, SYS_clock_nanosleep,
    SYS_nanosleep, SYS_gettimeofday, SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid,
    SYS_getgid, SYS_getegid, SYS_exit, SYS_exit_group, SYS_restart_syscall, SYS_set_robust_list,
    SYS_get_robust_list, SYS_set_tid_address, SYS_sysinfo, SYS_uname, SYS_membarrier, SYS_rseq,
    SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2,
#ifdef __x86_64__
    SYS_poll, SYS_arch_prctl, SYS_epoll_wait,
#endif
};

struct program {
    struct sock_filter code[256];
    unsigned short count;
};

static void emit(struct program *program, unsigned short code, uint32_t operand, int yes, int no) {
    program->code[program->count++] =
        (struct sock_filter){code, (uint8_t)yes, (uint8_t)no, operand};
}

static void answer(struct program *program, uint32_t action) {
    emit(program, BPF_RET | BPF_K, action, 0, 0);
}

static void load(struct program *program, size_t offset) {
    emit(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void allow(struct program *program, int call) {
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
    answer(program, SECCOMP_RET_ALLOW);
}

/* One answer where the argument's low word passes `test` (BPF_JSET or BPF_JEQ), another otherwise. */
static void decide(
    struct program *program, int call, int argument, unsigned short test, uint32_t operand,
    uint32_t passed, uint32_t failed) {
    /* Both architectures are little-endian: the low word is the first. */
    const size_t offset = offsetof(struct seccomp_data, args) + (size_t)argument * 8;
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
    load(program, offset);
    emit(program, BPF_JMP | test | BPF_K, operand, 0, 1);
    answer(program, passed);
    answer(program, failed);
}

static void assemble(struct program *program) {
    const uint32_t yes = SECCOMP_RET_ALLOW;
    load(program, offsetof(struct seccomp_data, arch));
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0);
    answer(program, REFUSED(EPERM));
    load(program, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < sizeof allowed_calls / sizeof allowed_calls[0]; i++)
        allow(program, allowed_calls[i]);
    /* No code is made or loaded once the parsers are there. */
    decide(program, SYS_mmap, 2, BPF_JSET, PROT_EXEC, REFUSED(EPERM), yes);
    decide(program, SYS_mprotect, 2, BPF_JSET, PROT_EXEC, REFUSED(EPERM), yes);
    decide(program, SYS_openat, 2, BPF_JSET, ANY_WRITE, REFUSED(EACCES), yes);
#ifdef __x86_64__
    decide(program, SYS_open, 1, BPF_JSET, ANY_WRITE, REFUSED(EACCES), yes);
#endif
    /* Threads, no processes; and signals to this process only, as abort() sends them. */
    decide(program, SYS_clone, 0, BPF_JSET, CLONE_THREAD, yes, REFUSED(EPERM));
    decide(program, SYS_tgkill, 0, BPF_JEQ, (uint32_t)getpid(), yes, REFUSED(EPERM));
    decide(program, SYS_prlimit64, 0, BPF_JEQ, 0, yes, REFUSED(EPERM));
    decide(program, SYS_prctl, 0, BPF_JEQ, PR_SET_NAME, yes, REFUSED(EPERM));
    /* Newer calls look unknown, as on an older kernel: the C library then takes the older one. */
    emit(program, BPF_JMP | BPF_JGE | BPF_K, FIRST_UNIFIED_CALL, 0, 1);
    answer(program, REFUSED(ENOSYS));
    answer(program, REFUSED(EPERM));
}

int cprocess_filter_system_calls(void) {
    struct program program = {.count = 0};
    assemble(&program);
    const struct sock_fprog filter = {program.count, program.code};
    /* All threads at once; and no slower code for speculation, since no foreign code runs here. */
    const unsigned flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter) == 0) return 0;
    if (errno != EINVAL) return errno;
    const long plain =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
    return plain == 0 ? 0 : errno;
}

#else

int cprocess_filter_system_calls(void) { return ENOSYS; }

#endif
