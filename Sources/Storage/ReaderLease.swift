internal import Foundation
internal import Glibc
internal import Synchronization

/// What a reader leaves in the workspace, so that clean-up keeps the snapshot it has open.
///
/// A lease ends with its time whatever became of the reader; a reader at work renews it. Reading needs
/// no lease: who may not write has none, and goes on with the files it has mapped.
package struct ReaderLease: Hashable, Sendable, Codable {
    package var holder: LockHolder
    package var snapshot: Int
    /// Milliseconds since 1970, by the reader's clock.
    package var expiresMilliseconds: Int64

    package init(holder: LockHolder, snapshot: Int, expiresMilliseconds: Int64) {
        self.holder = holder
        self.snapshot = snapshot
        self.expiresMilliseconds = expiresMilliseconds
    }

    /// Choice: longer than a machine sleeps or a clock jumps on an ordinary day, short enough that a
    /// reader that was killed holds files for an hour at most.
    package static let lifetimeMilliseconds: Int64 = 3_600_000

    private static let counter = Atomic<UInt64>(0)

    /// A file name that no other reader of the workspace uses.
    package func freshName() -> String {
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let host = String(
            self.holder.host.unicodeScalars.map { scalar -> Character in
                let isPlain =
                    scalar.isASCII && scalar.properties.isAlphabetic
                    || ("0"..."9").contains(scalar) || scalar == "-"
                return isPlain ? Character(scalar) : "_"
            }
            .prefix(64)
        )
        return "\(host)-\(self.holder.processID)-\(self.holder.startedMilliseconds)-\(number)"
            + WorkspaceLayout.leaseSuffix
    }

    /// Writes the lease under `name`, in place of an earlier one of that name.
    ///
    /// - Throws: ``StorageError``; `.permission` where this user may only read.
    package func write(_ name: String, in layout: WorkspaceLayout) throws(StorageError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let json = try? encoder.encode(self) else { return }
        try createFolder(layout.leasesFolder)
        try replaceFile(
            layout.leasesFolder + "/" + name,
            with: [UInt8](json) + [UInt8(ascii: "\n")]
        )
    }
}

/// The snapshots that readers have open; removes what ended leases left behind.
///
/// What cannot be read as a lease and is old enough to have ended goes too.
package func leasedSnapshots(
    _ layout: WorkspaceLayout,
    nowMilliseconds: Int64
) throws(StorageError) -> Set<Int> {
    guard fileExists(layout.leasesFolder) else { return [] }
    var numbers: Set<Int> = []
    for name in try folderEntries(layout.leasesFolder).compactMap(\.name)
    where name.hasSuffix(WorkspaceLayout.leaseSuffix) {
        let path = layout.leasesFolder + "/" + name
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, maximumBytes: 1 << 16)
        } catch  where error.code == .notFound {
            // Released meanwhile.
            continue
        }
        let lease = try? JSONDecoder().decode(ReaderLease.self, from: Data(bytes))
        if let lease, lease.expiresMilliseconds > nowMilliseconds {
            numbers.insert(lease.snapshot)
        } else {
            try removeFile(path)
        }
    }
    return numbers
}
