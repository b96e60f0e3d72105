#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Faults at the two doors through which every durable byte goes: Storage's system calls and SQLite.

   Asleep, none of this runs. Armed, every operation is counted and noted, and the chosen one fails in
   the chosen way. It is armed once in the life of a process, before the first database is opened. */

enum cfaults_operation {
    CFAULTS_WRITE,
    CFAULTS_SYNC,
    CFAULTS_RENAME,
    CFAULTS_REMOVE,
    CFAULTS_CREATE,
    CFAULTS_MAKE_FOLDER,
    CFAULTS_DATABASE_CREATE,
    CFAULTS_DATABASE_WRITE,
    CFAULTS_DATABASE_SYNC,
    CFAULTS_DATABASE_TRUNCATE,
    CFAULTS_DATABASE_REMOVE,
};

enum cfaults_action {
    /* Counts and notes only. */
    CFAULTS_COUNT,
    /* SIGKILL before the operation. */
    CFAULTS_KILL,
    /* Half of a write, then SIGKILL. */
    CFAULTS_TEAR,
    /* SIGKILL before the operation; what was not synced until then is undone first. */
    CFAULTS_POWER_CUT,
    /* The operation fails with EIO. */
    CFAULTS_IO_ERROR,
    /* This write and all after it fail with ENOSPC: a full disk stays full. */
    CFAULTS_DISK_FULL,
    /* Half of the bytes are written, and the caller is told so. */
    CFAULTS_SHORT_WRITE,
};

/* Bugs to plant, so that a test of recovery can show that it finds them. */
enum cfaults_flaw {
    CFAULTS_SOUND,
    /* Files take their name without having been synced. */
    CFAULTS_UNSYNCED_FILES,
    /* A file is replaced by truncating and writing it, not by rename. */
    CFAULTS_REPLACED_IN_PLACE,
};

/* operation: the kind to count, or -1 for any; number: from 1. */
void cfaults_arm(int operation, long number, int action, int flaw);

/* What was counted so far; the path of an operation lives as long as the process. */
long cfaults_count(void);
int cfaults_operation_at(long index);
const char *cfaults_path_at(long index);

/* The system calls of the same names, for use while armed. */
ssize_t cfaults_pwrite(int descriptor, const void *bytes, size_t count, off_t offset);
int cfaults_fsync(int descriptor);
int cfaults_rename(const char *from, const char *to);
int cfaults_unlink(const char *path);
int cfaults_mkdir(const char *path, mode_t mode);
/* open(2) of a file that may have to be made. */
int cfaults_create(const char *path, int flags, mode_t mode);
