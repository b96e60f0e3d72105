#pragma once

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The parts of process control that glibc hides behind _GNU_SOURCE. */

/* A pipe whose ends close on exec; its buffer is enlarged to bufferBytes where the kernel allows.
   0, or -1 with errno. */
int cprocess_pipe(int descriptors[2], int bufferBytes);

/* As writev(2); a pipe that nobody reads is EPIPE and no signal, whatever the process does with
   SIGPIPE. */
ssize_t cprocess_write(int descriptor, const struct iovec *parts, int count);

/* Starts a program, found as a shell finds it, in a folder and in a process group of its own, with these
   descriptors as its standard input, output and error, and all signals as they are by default.
   Without an environment it has this process's. 0, or an errno. */
int cprocess_spawn(
    pid_t *process, const char *directory, char *const arguments[], char *const environment[], int input,
    int output, int errors);

/* Has the kernel kill this process when its parent dies. */
int cprocess_die_with_parent(void);

/* Tells the allocator to keep few arenas and give memory back early. */
void cprocess_bound_allocator(void);

/* Confining this process, for ever (sandbox.c). Each returns 0 or an errno. */

/* No program started from here gains rights; the two below need it. */
int cprocess_forbid_new_privileges(void);

/* The version of Landlock this kernel has; 0 for none. */
int cprocess_landlock_abi(void);

/* Takes from this thread, and the threads and processes it starts later, all access to files but
   reading below the named folders, and what more the version knows: TCP, abstract sockets and
   signals to other processes. */
int cprocess_landlock(int abi, const char *const *readable, size_t count);

/* Leaves all threads only the system calls that parsing needs; others fail with EPERM, EACCES for
   opening a file to write, or ENOSYS. */
int cprocess_filter_system_calls(void);

/* What a foreign program may use that this process starts (confined.c). */
struct cprocess_confinement {
    /* Its own: where it begins, and the only place where it may write. */
    const char *folder;
    /* What it may read and run, each with all below it; what is absent is left out. */
    const char *const *readable;
    size_t readable_count;
    size_t processor_seconds;
    size_t address_space_bytes;
    /* Of each file it writes. */
    size_t file_bytes;
};

/* Starts a program, by its path, in a process group of its own, with no standard streams, no network and
   these limits, and has the kernel kill it when the thread that starts it ends. 0, or the errno of what
   kept it from starting; Landlock is left out where the kernel has none. */
int cprocess_spawn_confined(
    pid_t *process, const struct cprocess_confinement *how, char *const arguments[],
    char *const environment[]);

/* Takes from this thread all access to files but what the program of `how` needs. */
int cprocess_landlock_around(int abi, const struct cprocess_confinement *how);

/* Whether a folder's files are in memory alone: tmpfs or ramfs. */
int cprocess_is_in_memory(const char *path);

/* Has processes whose parents have died become children of this one. */
int cprocess_adopt_orphans(void);

/* Closes every descriptor from `first` on. */
void cprocess_close_descriptors_from(int first);

/* Threads of this process; 0 when that cannot be told. */
int cprocess_thread_count(void);

/* Running out of memory (memory.cpp). */

/* Ends the process with `status` when an allocation of C++ fails, or when it dies with less than half
   of its memory left, as Swift and C libraries do after a failed allocation. */
void cprocess_exit_when_out_of_memory(int status);

/* The limit that "half of its memory" refers to; 0 for none. */
void cprocess_note_memory_limit(size_t byte_count);

/* Gives freed memory back to the system. */
void cprocess_return_memory(void);

/* What a confined process must not be able to do (probe.c). */
enum cprocess_attempt {
    CPROCESS_READ_FILE,
    CPROCESS_LIST_FOLDER,
    CPROCESS_CREATE_FILE,
    CPROCESS_INTERNET_SOCKET,
    CPROCESS_LOCAL_SOCKET,
    CPROCESS_SIGNAL_PARENT,
    CPROCESS_TRACE,
    CPROCESS_MAKE_CODE,
    CPROCESS_START_PROCESS,
    CPROCESS_RUN_PROGRAM,
};

/* Tries it: 0 when it could be done, else the errno that refused it. A program that can be run
   takes the place of this process. */
int cprocess_attempt(enum cprocess_attempt attempt);

#ifdef __cplusplus
}
#endif
