#ifndef CPOPPLER_DOCUMENT_HPP
#define CPOPPLER_DOCUMENT_HPP

#include "resources.hpp"

#include <poppler/PDFDoc.h>

#include <memory>

struct cpoppler_document {
    std::unique_ptr<PDFDoc> document;
    std::unique_ptr<cpoppler::Fonts> fonts;
    /* Whether the catalog has article threads. */
    bool has_articles = false;
};

#endif
