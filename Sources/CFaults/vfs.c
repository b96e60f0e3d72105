#define _GNU_SOURCE
#include "cfaults.h"
#include "internal.h"

#include <sqlite3.h>
#include <stdio.h>
#include <limits.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

/* A VFS around SQLite's own: every change of a database, its log or its journal is an operation.

   Temporary files are left alone, for nothing durable is in them; so is the shared memory of the log,
   which SQLite makes anew after a crash. */

struct faulted_file {
    sqlite3_file base;
    /* Null for files that are left alone. */
    const char *path;
    sqlite3_file *real;
};

static sqlite3_vfs vfs;
static sqlite3_vfs *system_vfs;

static struct faulted_file *faulted(sqlite3_file *file) { return (struct faulted_file *)file; }

static sqlite3_file *real(sqlite3_file *file) { return faulted(file)->real; }

#define REAL(file, method, ...) real(file)->pMethods->method(real(file), ##__VA_ARGS__)

static int file_close(sqlite3_file *file) { return REAL(file, xClose); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return REAL(file, xRead, bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    const char *path = faulted(file)->path;
    if (!path) return REAL(file, xWrite, bytes, count, offset);
    enum verdict verdict = begin_operation(CFAULTS_DATABASE_WRITE, path);
    int result = verdict == FAIL_IO ? SQLITE_IOERR_WRITE : SQLITE_FULL;
    if (verdict == PROCEED || verdict == SHORTEN || verdict == TEAR) {
        int part = verdict == PROCEED ? count : count / 2;
        note_content(path, offset, (size_t)part);
        int code = REAL(file, xWrite, bytes, part, offset);
        if (verdict == TEAR) die();
        if (verdict == PROCEED) result = code;
    }
    end_operation();
    return result;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    const char *path = faulted(file)->path;
    if (!path) return REAL(file, xTruncate, size);
    int result = SQLITE_IOERR_TRUNCATE;
    if (begin_operation(CFAULTS_DATABASE_TRUNCATE, path) == PROCEED) {
        note_truncation(path, size);
        result = REAL(file, xTruncate, size);
    }
    end_operation();
    return result;
}

static int file_sync(sqlite3_file *file, int flags) {
    const char *path = faulted(file)->path;
    if (!path) return REAL(file, xSync, flags);
    int result = SQLITE_IOERR_FSYNC;
    if (begin_operation(CFAULTS_DATABASE_SYNC, path) == PROCEED) {
        result = REAL(file, xSync, flags);
        if (result == SQLITE_OK) forget_file(path);
    }
    end_operation();
    return result;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) { return REAL(file, xFileSize, size); }
static int file_lock(sqlite3_file *file, int level) { return REAL(file, xLock, level); }
static int file_unlock(sqlite3_file *file, int level) { return REAL(file, xUnlock, level); }

static int file_check_reserved_lock(sqlite3_file *file, int *result) {
    return REAL(file, xCheckReservedLock, result);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    return REAL(file, xFileControl, operation, argument);
}

static int file_sector_size(sqlite3_file *file) { return REAL(file, xSectorSize); }
static int file_characteristics(sqlite3_file *file) { return REAL(file, xDeviceCharacteristics); }

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **result) {
    return REAL(file, xShmMap, page, size, extend, result);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return REAL(file, xShmLock, offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file) { REAL(file, xShmBarrier); }
static int file_shm_unmap(sqlite3_file *file, int remove) { return REAL(file, xShmUnmap, remove); }

static int file_fetch(sqlite3_file *file, sqlite3_int64 offset, int count, void **result) {
    return REAL(file, xFetch, offset, count, result);
}

static int file_unfetch(sqlite3_file *file, sqlite3_int64 offset, void *bytes) {
    return REAL(file, xUnfetch, offset, bytes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 3,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
    .xFetch = file_fetch,
    .xUnfetch = file_unfetch,
};

static int open_real(const char *name, struct faulted_file *file, int flags, int *outFlags) {
    int result = system_vfs->xOpen(system_vfs, name, file->real, flags, outFlags);
    if (file->real->pMethods) file->base.pMethods = &methods;
    return result;
}

static int vfs_open(
    sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *outFlags
) {
    (void)self;
    const int durable = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    struct faulted_file *opened = faulted(file);
    opened->base.pMethods = NULL;
    opened->real = (sqlite3_file *)(opened + 1);
    opened->path = name && flags & durable ? name : NULL;
    int isNew = opened->path && flags & SQLITE_OPEN_CREATE && access(name, F_OK) != 0;
    if (!isNew) return open_real(name, opened, flags, outFlags);
    int result = SQLITE_CANTOPEN;
    if (begin_operation(CFAULTS_DATABASE_CREATE, name) == PROCEED) {
        result = open_real(name, opened, flags, outFlags);
        if (result == SQLITE_OK) note_creation(name, 0);
    }
    end_operation();
    return result;
}

static int vfs_delete(sqlite3_vfs *self, const char *name, int syncsFolder) {
    (void)self;
    int result = SQLITE_IOERR_DELETE;
    if (begin_operation(CFAULTS_DATABASE_REMOVE, name) == PROCEED) {
        note_removal(name);
        result = system_vfs->xDelete(system_vfs, name, syncsFolder);
        char folder[PATH_MAX];
        snprintf(folder, sizeof folder, "%s", name);
        if (result == SQLITE_OK && syncsFolder) forget_folder(dirname(folder));
    }
    end_operation();
    return result;
}

void register_faulted_vfs(void) {
    if (sqlite3_initialize() != SQLITE_OK) return;
    system_vfs = sqlite3_vfs_find(NULL);
    vfs = *system_vfs;
    vfs.zName = "millrace-faults";
    vfs.szOsFile = (int)sizeof(struct faulted_file) + system_vfs->szOsFile;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.pNext = NULL;
    sqlite3_vfs_register(&vfs, 1);
}
