#define _GNU_SOURCE
#include "internal.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The worst that a power cut may do: everything that was not synced never happened.

   A file is known by its inode, so that a rename in between does not matter. A synced file keeps its
   name too, as ext4 and XFS have it; a rename or removal lasts once its folder is synced. */

enum change { CONTENT, RENAME, REMOVAL, CREATION, FOLDER };

struct record {
    enum change change;
    /* CONTENT: the file, open for as long as the process lives, for closing it would release the
       locks of SQLite on it. */
    int descriptor;
    dev_t device;
    ino_t inode;
    off_t offset;
    /* Of the file before, or negative where there was none. */
    off_t size;
    char *path;
    char *target;
    unsigned char *bytes;
    size_t count;
    struct record *before;
};

struct tracked {
    dev_t device;
    ino_t inode;
    int descriptor;
    struct tracked *next;
};

static struct record *latest;
static struct tracked *files;

static int tracked_descriptor(const char *path, const struct stat *status) {
    for (struct tracked *file = files; file; file = file->next)
        if (file->device == status->st_dev && file->inode == status->st_ino) return file->descriptor;
    struct tracked *file = malloc(sizeof *file);
    if (!file) abort();
    *file = (struct tracked){
        status->st_dev, status->st_ino, open(path, O_RDWR | O_CLOEXEC), files,
    };
    files = file;
    return file->descriptor;
}

static struct record *add(enum change change, const char *path) {
    struct record *record = calloc(1, sizeof *record);
    if (!record) abort();
    record->change = change;
    record->path = strdup(path);
    record->size = -1;
    struct stat status;
    if (stat(path, &status) == 0) {
        record->device = status.st_dev;
        record->inode = status.st_ino;
        record->size = status.st_size;
    }
    record->before = latest;
    latest = record;
    return record;
}

static void save(struct record *record, int descriptor, off_t offset, size_t count) {
    record->offset = offset;
    record->bytes = malloc(count ? count : 1);
    if (!record->bytes) abort();
    while (record->count < count) {
        ssize_t done = pread(
            descriptor, record->bytes + record->count, count - record->count,
            offset + (off_t)record->count
        );
        if (done <= 0) return;
        record->count += (size_t)done;
    }
}

/* The whole file at a path, for when its name goes to another. */
static void save_file(struct record *record, const char *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    struct stat status;
    if (fstat(descriptor, &status) == 0) {
        record->size = status.st_size;
        save(record, descriptor, 0, (size_t)status.st_size);
    }
    close(descriptor);
}

void note_content(const char *path, off_t offset, size_t count) {
    struct stat status;
    if (stat(path, &status) != 0) return;
    struct record *record = add(CONTENT, path);
    record->descriptor = tracked_descriptor(path, &status);
    save(record, record->descriptor, offset, count);
}

void note_truncation(const char *path, off_t size) {
    struct stat status;
    if (stat(path, &status) != 0) return;
    note_content(path, size, status.st_size > size ? (size_t)(status.st_size - size) : 0);
}

void note_rename(const char *from, const char *to) {
    struct record *record = add(RENAME, from);
    record->target = strdup(to);
    record->size = -1;
    save_file(record, to);
}

void note_removal(const char *path) {
    struct record *record = add(REMOVAL, path);
    record->size = -1;
    save_file(record, path);
}

void note_creation(const char *path, int isFolder) { add(isFolder ? FOLDER : CREATION, path); }

static void forget_where(int (*matches)(const struct record *, const void *), const void *key) {
    struct record **link = &latest;
    while (*link) {
        struct record *record = *link;
        if (!matches(record, key)) {
            link = &record->before;
            continue;
        }
        *link = record->before;
        free(record->path);
        free(record->target);
        free(record->bytes);
        free(record);
    }
}

static int is_of_file(const struct record *record, const void *key) {
    const struct stat *status = key;
    return (record->change == CONTENT || record->change == CREATION) &&
           record->device == status->st_dev && record->inode == status->st_ino;
}

static int is_of_folder(const struct record *record, const void *key) {
    if (record->change == CONTENT) return 0;
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", record->target ? record->target : record->path);
    return strcmp(dirname(parent), key) == 0;
}

void forget_file(const char *path) {
    struct stat status;
    if (stat(path, &status) == 0) forget_where(is_of_file, &status);
}

void forget_folder(const char *path) { forget_where(is_of_folder, path); }

/* Where another file has the name by now, its creation was synced, and the change before it with it. */
static void put(const char *path, const struct record *record) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0) return;
    if (pwrite(descriptor, record->bytes, record->count, 0) < 0) return;
    close(descriptor);
}

static void undo(const struct record *record) {
    switch (record->change) {
    case CONTENT:
        if (pwrite(record->descriptor, record->bytes, record->count, record->offset) < 0) return;
        if (ftruncate(record->descriptor, record->size) != 0) return;
        break;
    case RENAME:
        rename(record->target, record->path);
        if (record->size >= 0) put(record->target, record);
        break;
    case REMOVAL:
        if (record->size >= 0) put(record->path, record);
        break;
    case CREATION: unlink(record->path); break;
    case FOLDER: rmdir(record->path); break;
    }
}

void undo_all(void) {
    for (struct record *record = latest; record; record = record->before) undo(record);
}
