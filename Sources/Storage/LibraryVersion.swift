internal import CZlib

/// The zlib that compresses here; byte-equal segments need the same one.
package func zlibLibrary() -> (name: String, version: String) {
    ("zlib", String(cString: zlibVersion()))
}
