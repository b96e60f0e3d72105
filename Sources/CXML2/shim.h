#pragma once
/* libxml2 declares its converters with ICU's own headers, whose types Foundation's ICU has in another form; a
   module that sees both does not compile, and nothing here uses them. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
/* For tests alone: it is what our own trees are compared with. */
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
