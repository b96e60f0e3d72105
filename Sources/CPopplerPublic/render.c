#include "door.h"

#ifdef CPOPPLER_HAS_GLIB

#include <stdlib.h>

/* Pages as pictures, for OCR. */

/* The weights of red, green and blue in what is seen as light (ITU-R BT.601), of 256. */
static uint8_t grey(uint32_t pixel) {
    const uint32_t red = pixel >> 16 & 0xFF, green = pixel >> 8 & 0xFF, blue = pixel & 0xFF;
    return (uint8_t)((77 * red + 150 * green + 29 * blue) >> 8);
}

static uint8_t *grey_pixels(cairo_surface_t *surface, int width, int height) {
    uint8_t *pixels = malloc((size_t)width * (size_t)height);
    if (!pixels) return NULL;
    const uint8_t *source = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(source + (size_t)y * (size_t)stride);
        for (int x = 0; x < width; x++) pixels[(size_t)y * (size_t)width + (size_t)x] = grey(row[x]);
    }
    return pixels;
}

uint8_t *cpoppler_public_render(cpoppler_document *document, int index, int width, int height) {
    if (width <= 0 || height <= 0) return NULL;
    PopplerPage *page = poppler_document_get_page(POPPLER_DOCUMENT((void *)document), index);
    if (!page) return NULL;
    double page_width = 0, page_height = 0;
    poppler_page_get_size(page, &page_width, &page_height);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *painter = cairo_create(surface);
    cairo_set_source_rgb(painter, 1, 1, 1);
    cairo_paint(painter);
    cairo_scale(painter, width / page_width, height / page_height);
    if (page_width > 0 && page_height > 0) poppler_page_render(page, painter);
    const int is_painted = cairo_status(painter) == CAIRO_STATUS_SUCCESS
        && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(painter);
    cairo_surface_flush(surface);
    uint8_t *pixels = is_painted ? grey_pixels(surface, width, height) : NULL;
    cairo_surface_destroy(surface);
    g_object_unref(page);
    return pixels;
}

#else

uint8_t *cpoppler_public_render(cpoppler_document *document, int index, int width, int height) {
    (void)document;
    (void)index;
    (void)width;
    (void)height;
    return NULL;
}

#endif
