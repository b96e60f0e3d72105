#define _GNU_SOURCE
#include "cfaults.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct note {
    int operation;
    const char *path;
};

static atomic_int armed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int planned_operation;
static long planned_number;
static int planned_action;
static int flaw;
static int is_full;
static long matching;
static struct note *notes;
static long note_count;
static long note_capacity;

void cfaults_arm(int operation, long number, int action, int planted) {
    planned_operation = operation;
    planned_number = number;
    planned_action = action;
    flaw = planted;
    if (atomic_exchange(&armed, 1) == 0) register_faulted_vfs();
}

long cfaults_count(void) {
    pthread_mutex_lock(&lock);
    long count = note_count;
    pthread_mutex_unlock(&lock);
    return count;
}

int cfaults_operation_at(long index) {
    pthread_mutex_lock(&lock);
    int operation = notes[index].operation;
    pthread_mutex_unlock(&lock);
    return operation;
}

const char *cfaults_path_at(long index) {
    pthread_mutex_lock(&lock);
    const char *path = notes[index].path;
    pthread_mutex_unlock(&lock);
    return path;
}

static int is_write(int operation) {
    return operation == CFAULTS_WRITE || operation == CFAULTS_DATABASE_WRITE;
}

static int needs_space(int operation) {
    return is_write(operation) || operation == CFAULTS_CREATE || operation == CFAULTS_MAKE_FOLDER ||
           operation == CFAULTS_DATABASE_CREATE;
}

static void note(int operation, const char *path) {
    if (note_count == note_capacity) {
        note_capacity = note_capacity ? 2 * note_capacity : 1024;
        notes = realloc(notes, (size_t)note_capacity * sizeof *notes);
        if (!notes) abort();
    }
    notes[note_count++] = (struct note){operation, strdup(path)};
}

_Noreturn void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

enum verdict begin_operation(int operation, const char *path) {
    pthread_mutex_lock(&lock);
    note(operation, path);
    if (planned_operation < 0 || planned_operation == operation) matching++;
    else if (!is_full) return PROCEED;
    if (is_full) return needs_space(operation) ? FAIL_FULL : PROCEED;
    if (planned_action == CFAULTS_COUNT || matching != planned_number) return PROCEED;
    switch (planned_action) {
    case CFAULTS_KILL: die();
    case CFAULTS_POWER_CUT: undo_all(); die();
    case CFAULTS_TEAR: if (!is_write(operation)) die(); return TEAR;
    case CFAULTS_IO_ERROR: return FAIL_IO;
    case CFAULTS_DISK_FULL: is_full = 1; return needs_space(operation) ? FAIL_FULL : PROCEED;
    case CFAULTS_SHORT_WRITE: return is_write(operation) ? SHORTEN : PROCEED;
    default: return PROCEED;
    }
}

void end_operation(void) { pthread_mutex_unlock(&lock); }

void descriptor_path(int descriptor, char *path, size_t capacity) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t count = readlink(link, path, capacity - 1);
    path[count < 0 ? 0 : count] = 0;
}

/* Ends the operation with the error of a verdict. */
static int fail(enum verdict verdict) {
    end_operation();
    errno = verdict == FAIL_FULL ? ENOSPC : EIO;
    return -1;
}

static int fails(enum verdict verdict) { return verdict == FAIL_IO || verdict == FAIL_FULL; }

ssize_t cfaults_pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    char path[4096];
    descriptor_path(descriptor, path, sizeof path);
    enum verdict verdict = begin_operation(CFAULTS_WRITE, path);
    if (fails(verdict)) return fail(verdict);
    size_t part = verdict == PROCEED ? count : (count + 1) / 2;
    note_content(path, offset, part);
    ssize_t result = pwrite(descriptor, bytes, part, offset);
    if (verdict == TEAR) die();
    end_operation();
    return result;
}

int cfaults_fsync(int descriptor) {
    char path[4096];
    struct stat status;
    descriptor_path(descriptor, path, sizeof path);
    int isFolder = fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
    enum verdict verdict = begin_operation(CFAULTS_SYNC, path);
    if (fails(verdict)) return fail(verdict);
    int result = 0;
    if (isFolder || flaw != CFAULTS_UNSYNCED_FILES) {
        result = fsync(descriptor);
        if (result == 0) isFolder ? forget_folder(path) : forget_file(path);
    }
    end_operation();
    return result;
}

/* The planted bug: between its two halves a reader finds an empty file. */
static int replace_in_place(const char *from, const char *to) {
    static char buffer[1 << 20];
    int source = open(from, O_RDONLY | O_CLOEXEC);
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (source < 0 || target < 0) return -1;
    off_t offset = 0;
    for (;;) {
        ssize_t count = read(source, buffer, sizeof buffer);
        if (count <= 0) break;
        ssize_t written = cfaults_pwrite(target, buffer, (size_t)count, offset);
        if (written != count) break;
        offset += written;
    }
    close(source);
    close(target);
    return unlink(from);
}

int cfaults_rename(const char *from, const char *to) {
    enum verdict verdict = begin_operation(CFAULTS_RENAME, to);
    if (fails(verdict)) return fail(verdict);
    if (flaw == CFAULTS_REPLACED_IN_PLACE) {
        end_operation();
        return replace_in_place(from, to);
    }
    note_rename(from, to);
    int result = rename(from, to);
    int code = errno;
    end_operation();
    errno = code;
    return result;
}

int cfaults_unlink(const char *path) {
    enum verdict verdict = begin_operation(CFAULTS_REMOVE, path);
    if (fails(verdict)) return fail(verdict);
    note_removal(path);
    int result = unlink(path);
    int code = errno;
    end_operation();
    errno = code;
    return result;
}

int cfaults_mkdir(const char *path, mode_t mode) {
    enum verdict verdict = begin_operation(CFAULTS_MAKE_FOLDER, path);
    if (fails(verdict)) return fail(verdict);
    int result = mkdir(path, mode);
    int code = errno;
    if (result == 0) note_creation(path, 1);
    end_operation();
    errno = code;
    return result;
}

int cfaults_create(const char *path, int flags, mode_t mode) {
    enum verdict verdict = begin_operation(CFAULTS_CREATE, path);
    if (fails(verdict)) return fail(verdict);
    int existed = access(path, F_OK) == 0;
    int result = open(path, flags, mode);
    int code = errno;
    if (result >= 0 && !existed) note_creation(path, 0);
    end_operation();
    errno = code;
    return result;
}
