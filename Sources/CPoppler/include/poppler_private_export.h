/* poppler's own headers under goo/ look for this name on the search path, which SwiftPM fills from
   poppler-cpp's pkg-config file: one folder too deep. */
#include <poppler/poppler_private_export.h>
