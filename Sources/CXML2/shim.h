#pragma once
/* For tests alone: it is what our own trees are compared with. */
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
