#ifndef CPOPPLER_PUBLIC_DOOR_H
#define CPOPPLER_PUBLIC_DOOR_H

#include "CPopplerPublic.h"

#if __has_include(<poppler.h>)
#define CPOPPLER_HAS_GLIB
#include <poppler.h>

/* page.c */
cpoppler_page *cpoppler_public_read_page(
    cpoppler_document *document, int index, cpoppler_limits limits, int *status);
cpoppler_page_view cpoppler_public_view(const cpoppler_page *page);
void cpoppler_public_free_page(cpoppler_page *page);
#endif

#endif
