internal import CPoppler
internal import CXML2

/// The parsers behind this room, for a report on the machine.
package func extractionLibraries() -> [(name: String, version: String)] {
    [("libxml2", LIBXML_DOTTED_VERSION), ("poppler", String(cString: cpoppler_version()))]
}
