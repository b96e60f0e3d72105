/// The URIs of the documents that the one at `uri` may have been taken out of, the outermost first.
///
/// A name may hold the marks `#` and `!/` itself, so each of them is only a candidate.
package func enclosingURIs(of uri: String) -> [String] {
    let bytes = Array(uri.utf8)
    return bytes.indices.dropFirst().filter { index in
        bytes[index] == UInt8(ascii: "#")
            || bytes[index...].starts(with: "!/".utf8)
    }.map { String(decoding: bytes[..<$0], as: UTF8.self) }
}
