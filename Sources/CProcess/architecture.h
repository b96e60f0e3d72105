#pragma once

#include <linux/audit.h>

/* What a seccomp filter must find the calling program to be; undefined where none is written for it. */
#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif
