internal import CArchive
internal import Glibc
internal import Records

/// The members of an archive in memory, one after the other, through libarchive.
///
/// Nothing is ever written to a path, and no filter is allowed that starts a program.
final class ArchiveReader {
    /// A member's head.
    struct Member {
        enum Kind {
            case file
            case folder
            /// A symbolic or hard link: it has no bytes of its own.
            case link
            /// A device, a pipe or a socket.
            case special
        }

        var name: [UInt8]
        var kind: Kind
        var isEncrypted: Bool
        /// As the archive claims; nil where it does not say.
        var byteCount: Int?
    }

    private let archive: OpaquePointer
    /// libarchive tells a name in UTF-8 only where the thread's locale has its letters.
    // Read only once it is made, which Swift does once; it is never freed.
    nonisolated(unsafe) private static let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)

    /// - Parameters:
    ///   - bytes: to outlive this reader.
    ///   - allow: names the formats and filters that are read.
    /// - Throws: `.corrupt`, `.encrypted`.
    init(
        _ bytes: UnsafeRawBufferPointer,
        allow: (OpaquePointer) -> Void
    ) throws(ExtractionError) {
        guard let archive = archive_read_new() else {
            throw ExtractionError(.corrupt, "the archive cannot be opened")
        }
        self.archive = archive
        allow(archive)
        // Where no format bids, libarchive's format points past its table: it is not asked of entries.
        guard archive_read_open_memory(archive, bytes.baseAddress, bytes.count) == ARCHIVE_OK else {
            throw self.failureByMessage
        }
    }

    deinit { archive_read_free(self.archive) }

    /// The next member's head; nil at the end.
    ///
    /// - Throws: `.corrupt`, `.encrypted`; nothing can be read of the archive after that.
    func next() throws(ExtractionError) -> Member? {
        let before = Self.locale.map { uselocale($0) }
        defer { if let before { uselocale(before) } }
        var entry: OpaquePointer?
        switch archive_read_next_header(self.archive, &entry) {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK, ARCHIVE_WARN: break
        default: throw self.failure
        }
        guard let entry else { return nil }
        return Member(
            name: self.name(of: entry),
            kind: self.kind(of: entry),
            isEncrypted: archive_entry_is_encrypted(entry) != 0,
            byteCount: archive_entry_size_is_set(entry) != 0
                ? Int(archive_entry_size(entry)) : nil
        )
    }

    /// The bytes of the member whose head was read last.
    ///
    /// - Throws: `.tooLarge` over `limit`, `.corrupt` for damaged data, `.unsupportedType` for a
    ///   compression that is not read.
    func content(limit: Int) throws(ArchiveFault) -> [UInt8] {
        var content: [UInt8] = []
        while true {
            var block: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            switch archive_read_data_block(self.archive, &block, &count, &offset) {
            case ARCHIVE_EOF: return content
            // A warning here is a sum or a size that does not agree.
            case ARCHIVE_OK: break
            default: throw .failed(self.failure)
            }
            // A sparse file's holes count as the zeros that they are read as.
            guard offset >= content.count, Int(offset) <= limit, count <= limit - Int(offset) else {
                throw offset < content.count ? .failed(damagedArchive) : .overLimit
            }
            content += repeatElement(0, count: Int(offset) - content.count)
            if let block { content += UnsafeRawBufferPointer(start: block, count: count) }
        }
    }

    /// UTF-8 where the archive says so, and otherwise the bytes as they are.
    private func name(of entry: OpaquePointer) -> [UInt8] {
        if let name = archive_entry_pathname_utf8(entry) {
            return Array(String(cString: name).utf8)
        }
        guard let name = archive_entry_pathname(entry) else { return [] }
        return Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
    }

    private func kind(of entry: OpaquePointer) -> Member.Kind {
        if archive_entry_hardlink(entry) != nil || archive_entry_hardlink_utf8(entry) != nil {
            return .link
        }
        switch archive_entry_filetype(entry) & 0o170000 {
        case 0o100000, 0: return .file
        case 0o040000: return .folder
        case 0o120000: return .link
        default: return .special
        }
    }

    /// What the last call failed with, in our words: a library's message may quote a name.
    private var failure: ExtractionError {
        if archive_read_has_encrypted_entries(self.archive) > 0 { return encryptedArchive }
        return self.failureByMessage
    }

    private var failureByMessage: ExtractionError {
        let text = archive_error_string(self.archive).map { String(cString: $0) } ?? ""
        if text.contains("ncrypt") || text.contains("assphrase") { return encryptedArchive }
        if text.contains("nsupported") || text.contains("not supported") {
            return ExtractionError(
                .unsupportedType,
                "a member is compressed in a way that is not read; pack it anew, or unpack it"
            )
        }
        return damagedArchive
    }
}

enum ArchiveFault: Error {
    /// There is more than the limit.
    case overLimit
    case failed(ExtractionError)
}

let encryptedArchive = ExtractionError(
    .encrypted,
    "the archive needs a password; unpack it, or exclude it"
)

let damagedArchive = ExtractionError(
    .corrupt,
    "the archive is damaged or cut; fetch the file again"
)

/// The version of libarchive, such as `3.6.2`.
func archiveLibraryVersion() -> String {
    let number = archive_version_number()
    return "\(number / 1_000_000).\(number / 1_000 % 1_000).\(number % 1_000)"
}
