internal import Hashing
package import Records

extension PageBlocks {
    /// Shorter blocks are labels more often than boilerplate.
    private static let minimumByteCount = 16

    /// Digests the blocks of one clean text.
    ///
    /// - Input: `blocks` index into `text`.
    /// - Complexity: O(text).
    package init(host: UInt64, text: UnsafeBufferPointer<UInt8>, blocks: [Block]) {
        var folded: [UInt8] = []
        self.init(
            host: host,
            entries: blocks.map { block in
                switch block.kind {
                case .heading: return .heading(level: block.level)
                case .code, .header, .footer, .contents, .signature: return .kept
                case .paragraph, .list, .table, .quote, .caption, .footnote, .definitions:
                    let range = block.range.clamped(to: 0..<text.count)
                    fold(UnsafeBufferPointer(rebasing: text[range]), into: &folded)
                    return folded.count < Self.minimumByteCount
                        ? .kept : .text(sha256(folded).word0)
                }
            }
        )
    }
}

/// A digest of the host of an absolute URL, without port, user and `www.`; 0 when there is none.
package func hostDigest(ofURL url: String) -> UInt64 {
    let bytes = Array(url.utf8)
    guard let scheme = bytes.firstIndex(of: UInt8(ascii: ":")), scheme + 2 < bytes.count,
        bytes[scheme + 1] == UInt8(ascii: "/"), bytes[scheme + 2] == UInt8(ascii: "/")
    else { return 0 }
    var host = bytes[(scheme + 3)...].prefix { !UInt8.endsAuthority.contains($0) }
    if let user = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(user + 1)...] }
    let end: UInt8 = host.first == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ":")
    let name = host.prefix { $0 != end }.map(asciiLowercased)
    let bare = name.starts(with: "www.".utf8) ? Array(name.dropFirst(4)) : name
    return bare.isEmpty ? 0 : sha256(bare).word0
}

/// A digest for pages that name no host: those of one source go together.
package func hostDigest(ofSource source: String) -> UInt64 { sha256("source \(source)").word0 }

extension UInt8 {
    fileprivate static let endsAuthority: [UInt8] = [
        UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"),
    ]
}

private func asciiLowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

/// The text with each run of white space as one blank.
private func fold(_ text: UnsafeBufferPointer<UInt8>, into folded: inout [UInt8]) {
    folded.removeAll(keepingCapacity: true)
    var isAfterSpace = true
    for byte in text {
        let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
        if !isSpace {
            folded.append(byte)
        } else if !isAfterSpace {
            folded.append(0x20)
        }
        isAfterSpace = isSpace
    }
    if folded.last == 0x20 { folded.removeLast() }
}
