internal import CArchive
internal import Records

/// A file that holds one other file in fewer bytes.
enum Compression: CaseIterable {
    case gzip
    case bzip2
    case xz
    case zstandard

    /// The one that bytes are in; nil for other bytes.
    init?(of bytes: [UInt8]) {
        let isFound = { (compression: Compression) in
            bytes.dropFirst(compression.signatureOffset).starts(with: compression.signature)
        }
        guard let found = Self.allCases.first(where: isFound) else { return nil }
        self = found
    }

    var mediaType: MediaType {
        switch self {
        case .gzip: .gzip
        case .bzip2: .bzip2
        case .xz: .xz
        case .zstandard: .zstandard
        }
    }

    var name: String {
        switch self {
        case .gzip: "gzip"
        case .bzip2: "bzip2"
        case .xz: "xz"
        case .zstandard: "zstd"
        }
    }

    private var signatureOffset: Int { self == .bzip2 ? 4 : 0 }

    private var signature: [UInt8] {
        switch self {
        case .gzip: [0x1F, 0x8B, 0x08]
        // A block's first bytes behind the size; a text may well begin with "BZh".
        case .bzip2: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
        case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
        case .zstandard: [0x28, 0xB5, 0x2F, 0xFD]
        }
    }

    /// The bytes of all streams one after the other.
    ///
    /// - Throws: `.tooLarge` over `byteLimit`, `.limitExceeded` where so few bytes stand for so many
    ///   that it is no document, `.corrupt` for what is cut or damaged.
    /// - Complexity: O(output).
    func expanded(_ bytes: [UInt8], byteLimit: Int) throws(ExtractionError) -> [UInt8] {
        if self == .gzip { return try gzipMembers(of: bytes, byteLimit: byteLimit) }
        let expansionLimit = ExpansionLimit.bytes(for: bytes.count)
        let limit = min(byteLimit, expansionLimit)
        let result = bytes.withUnsafeBytes { buffer -> Result<[UInt8], ArchiveFault> in
            do throws(ArchiveFault) {
                return .success(try self.content(of: buffer, limit: limit))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let content): return content
        case .failure(.failed):
            throw ExtractionError(
                .corrupt,
                "the \(self.name) stream is cut or damaged; fetch the file again"
            )
        case .failure(.overLimit) where limit == byteLimit:
            throw ExtractionError(
                .tooLarge,
                "\(self.name) of more than \(byteLimit) bytes; raise maximum_bytes to take it"
            )
        case .failure(.overLimit):
            throw ExtractionError(
                .limitExceeded,
                "\(bytes.count) bytes of \(self.name) stand for more than \(limit): no document"
            )
        }
    }

    private func content(
        of bytes: UnsafeRawBufferPointer,
        limit: Int
    ) throws(ArchiveFault) -> [UInt8] {
        let reader: ArchiveReader
        do throws(ExtractionError) {
            reader = try ArchiveReader(bytes) { archive in
                switch self {
                case .gzip: archive_read_support_filter_gzip(archive)
                case .bzip2: archive_read_support_filter_bzip2(archive)
                case .xz: archive_read_support_filter_xz(archive)
                case .zstandard: archive_read_support_filter_zstd(archive)
                }
                archive_read_support_format_raw(archive)
            }
            guard try reader.next() != nil else { return [] }
        } catch {
            throw .failed(error)
        }
        return try reader.content(limit: limit)
    }
}
