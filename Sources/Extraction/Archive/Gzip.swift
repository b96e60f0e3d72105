package import Records

/// A document as it is read: its bytes outside of any gzip, and the type they show.
package struct IdentifiedContent: Sendable {
    package var bytes: [UInt8]
    package var type: MediaType
    /// The bytes are clearly of another type than the declared one.
    package var disagrees: Bool
}

/// Decides what a document is, taking it out of gzip first.
///
/// - Input: `declared` may be a gzipped type such as `text/html+gzip`; `byteLimit` is the most bytes
///   a gzipped document may stand for.
/// - Output: `disagrees` is true as well for gzip under another type's name and for plain bytes under
///   a name that says gzip.
/// - Throws: as ``unwrapGzip(_:declared:byteLimit:)``.
package func identifyContent(
    _ bytes: [UInt8],
    declared: MediaType,
    byteLimit: Int
) throws(ExtractionError) -> IdentifiedContent {
    guard isGzip(bytes) else {
        let inner = declared.insideGzip
        let (type, disagrees) = sniffMediaType(bytes, declared: inner ?? declared)
        return IdentifiedContent(
            bytes: bytes,
            type: type,
            disagrees: disagrees || (inner != nil && !bytes.isEmpty)
        )
    }
    let (content, inner) = try unwrapGzip(bytes, declared: declared, byteLimit: byteLimit)
    let (type, disagrees) = sniffMediaType(content, declared: inner)
    let isDeclared = declared == .unknown || declared.insideGzip != nil
    return IdentifiedContent(bytes: content, type: type, disagrees: disagrees || !isDeclared)
}

/// Takes a document out of gzip, and out of a second gzip inside.
///
/// - Output: the bytes of all members, and the type declared for them; bytes that are not gzip are
///   returned as given.
/// - Throws: `.tooLarge` over `byteLimit`, `.limitExceeded` where so few bytes stand for so many
///   that it is no document, `.corrupt` for a stream that is cut, damaged or followed by anything but
///   zero bytes, `.unsupportedType` for a third gzip.
/// - Complexity: O(output).
/// - Source: RFC 1952; zero padding as gzip(1) takes it.
package func unwrapGzip(
    _ bytes: [UInt8],
    declared: MediaType,
    byteLimit: Int
) throws(ExtractionError) -> (bytes: [UInt8], declared: MediaType) {
    var content = bytes
    var type = declared
    for _ in 0..<gzipDepthLimit where isGzip(content) {
        content = try members(of: content, byteLimit: byteLimit)
        type = type.insideGzip ?? type
    }
    guard !isGzip(content) else {
        throw ExtractionError(
            .unsupportedType,
            "gzip in gzip in gzip; take the document out of it, or exclude the file"
        )
    }
    return (content, type)
}

/// A gzip file and one inside it, which tools that compress twice make.
private let gzipDepthLimit = 2

func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

private func members(of bytes: [UInt8], byteLimit: Int) throws(ExtractionError) -> [UInt8] {
    let expansionLimit = ExpansionLimit.bytes(for: bytes.count)
    var output: [UInt8] = []
    let failure: ExtractionError? = bytes.withUnsafeBytes { input in
        var position = 0
        while position < input.count {
            let rest = UnsafeRawBufferPointer(rebasing: input[position...])
            if position > 0, rest.allSatisfy({ $0 == 0 }) { return nil }
            let limit = min(byteLimit, expansionLimit)
            switch inflate(rest, framing: .gzip, limit: limit, into: &output) {
            case .finished(let consumed):
                position += consumed
            case .truncated:
                return ExtractionError(.corrupt, "the gzip stream is cut; fetch the file again")
            case .damaged:
                let what = position == 0 ? "is damaged" : "goes on with damaged data"
                return ExtractionError(.corrupt, "the gzip stream \(what); fetch the file again")
            case .overLimit where limit == byteLimit:
                return ExtractionError(
                    .tooLarge,
                    "gzip of more than \(byteLimit) bytes; raise maximum_bytes to take it"
                )
            case .overLimit:
                return ExtractionError(
                    .limitExceeded,
                    "\(input.count) bytes of gzip stand for more than \(limit): no document"
                )
            }
        }
        return nil
    }
    if let failure { throw failure }
    return output
}
