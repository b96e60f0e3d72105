#ifndef CFILES_H
#define CFILES_H

/// Exchanges the names of two files or folders of one file system, in one step; 0, or -1 with errno.
///
/// Swift's Glibc has no renameat2.
int millrace_exchange(const char *one, const char *other);

#endif
