#ifndef CPOPPLER_BINDING_HPP
#define CPOPPLER_BINDING_HPP

/* Poppler's private headers have no stable form: this folder is written for the versions named here,
   Debian 12's and Debian 13's (versions.hpp has what differs). With any other version it is empty, and
   poppler-glib reads (CPopplerPublic). */

#if __has_include(<poppler/cpp/poppler-version.h>) && __has_include(<poppler/TextOutputDev.h>)
#include <poppler/cpp/poppler-version.h>
#if POPPLER_VERSION_MAJOR == 22 && POPPLER_VERSION_MINOR == 12
#define CPOPPLER_IS_KNOWN 2212
#elif POPPLER_VERSION_MAJOR == 25 && POPPLER_VERSION_MINOR == 3
#define CPOPPLER_IS_KNOWN 2503
#endif
#endif

#endif
