#pragma once

#include <stddef.h>
#include <sys/types.h>

/* What the doors are told to do with an operation. */
enum verdict {
    PROCEED,
    FAIL_IO,
    FAIL_FULL,
    /* Do half of it and report that. */
    SHORTEN,
    /* Do half of it and call die(). */
    TEAR,
};

/* Counts an operation and decides about it; returns with the lock held, which orders the operation
   before all later ones. May not return. */
enum verdict begin_operation(int operation, const char *path);
void end_operation(void);
_Noreturn void die(void);

/* The path of an open file. */
void descriptor_path(int descriptor, char *path, size_t capacity);

/* What a power cut would undo, latest first; each is called before its operation happens, but for
   note_creation, and with the lock held. */
void note_content(const char *path, off_t offset, size_t count);
void note_truncation(const char *path, off_t size);
void note_rename(const char *from, const char *to);
void note_removal(const char *path);
void note_creation(const char *path, int isFolder);
/* What was done to this file, or to the names in this folder, is durable from now on. */
void forget_file(const char *path);
void forget_folder(const char *path);
void undo_all(void);

/* Makes SQLite open its files through the VFS that counts. */
void register_faulted_vfs(void);
