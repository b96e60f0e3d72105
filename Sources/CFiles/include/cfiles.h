#ifndef CFILES_H
#define CFILES_H

/// Exchanges the names of two files or folders of one file system, in one step; 0, or -1 with errno.
///
/// Swift's Glibc has no renameat2.
int millrace_exchange(const char *one, const char *other);

/* Opens a path below a folder with no link anywhere in it, in one call (openat2, Linux 5.6); a descriptor, or
   -1 where that fails or the kernel has no such call. */
int millrace_open_below(int folder, const char *path, int flags);

#endif
