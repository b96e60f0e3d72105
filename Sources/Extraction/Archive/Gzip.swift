internal import Records

/// The bytes of all members of a gzip file; as ``Compression/expanded(_:byteLimit:)``.
///
/// - Source: RFC 1952; zero padding as gzip(1) takes it.
func gzipMembers(of bytes: [UInt8], byteLimit: Int) throws(ExtractionError) -> [UInt8] {
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
