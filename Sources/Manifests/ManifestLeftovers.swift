internal import Storage

/// Bytes beside the rows of a manifest: pages that were given back, and the log of writers.
///
/// What was deleted may still stand in them where it was deleted without being wiped, or by a writer that was
/// killed.
/// - Source: SQLite database file format, sections 1.3, 1.5 and 4.
package struct ManifestLeftovers {
    package enum Part: String, Sendable {
        case freePage = "free page"
        case log
    }

    private let path: String

    /// - Precondition: no writer is at work, so that the files stay as they are.
    package init(path: String) { self.path = path }

    /// Calls `body` with each free page that is not wiped and each page of the log, of whatever state.
    ///
    /// - Throws: ``StorageError`` when a file cannot be read; what is no SQLite file has no such pages.
    package func visit(_ body: (Part, UnsafeRawBufferPointer) throws -> Void) throws {
        try MappedFile(path: self.path).withBytes { try self.visitFreePages($0, body) }
        let log = self.path + "-wal"
        guard fileExists(log) else { return }
        try MappedFile(path: log).withBytes { try self.visitLog($0, body) }
    }

    private func visitFreePages(
        _ file: UnsafeRawBufferPointer,
        _ body: (Part, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard file.count >= 100 else { return }
        let stored = Int(file.loadUnaligned(fromByteOffset: 16, as: UInt16.self).bigEndian)
        let pageSize = stored == 1 ? 65_536 : stored
        guard pageSize >= 512, pageSize & (pageSize - 1) == 0 else { return }
        let pageCount = file.count / pageSize
        func word(_ offset: Int) -> Int {
            Int(file.loadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian)
        }
        func page(_ number: Int) -> UnsafeRawBufferPointer? {
            guard number > 0, number <= pageCount else { return nil }
            let start = (number - 1) * pageSize
            return UnsafeRawBufferPointer(rebasing: file[start..<start + pageSize])
        }
        var trunk = word(32)
        // A list that is damaged may lead in circles.
        for _ in 0..<max(0, word(36)) {
            guard trunk > 0, page(trunk) != nil else { return }
            let start = (trunk - 1) * pageSize
            let count = min(word(start + 4), pageSize / 4 - 2)
            for index in 0..<count {
                guard let leaf = page(word(start + 8 + 4 * index)) else { continue }
                if leaf.contains(where: { $0 != 0 }) { try body(.freePage, leaf) }
            }
            // Numbers of pages that were on the list stay behind its end.
            let rest = stride(from: start + 8 + 4 * count, to: start + pageSize, by: 4)
            if rest.contains(where: { word($0) > pageCount }), let bytes = page(trunk) {
                try body(.freePage, bytes)
            }
            trunk = word(start)
        }
    }

    private func visitLog(
        _ log: UnsafeRawBufferPointer,
        _ body: (Part, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard log.count > 32 else { return }
        let stored = Int(log.loadUnaligned(fromByteOffset: 8, as: UInt32.self).bigEndian)
        guard stored >= 512, stored <= 65_536 else { return }
        for start in stride(from: 32, to: log.count, by: stored + 24) {
            let end = min(start + 24 + stored, log.count)
            guard start + 24 < end else { return }
            try body(.log, UnsafeRawBufferPointer(rebasing: log[start + 24..<end]))
        }
    }
}
