internal import Synchronization

/// Brings bytes of a file that are elsewhere to a file of this machine, which has holes for the rest.
package protocol AbsentBytes: AnyObject, Sendable {
    /// The file with holes, as long as the whole one.
    var path: String { get }

    /// Brings what of the range is not here; where that fails zeros are read, and ``failure`` counts it.
    func bring(_ range: Range<Int>)

    /// How often bytes were read that could not be brought, and why the last time.
    var failure: (count: Int, cause: (any Error)?) { get }
}

extension AbsentBytes {
    /// Brings what of the range is not here.
    package func require(_ range: Range<Int>) throws {
        let before = self.failure.count
        self.bring(range)
        let after = self.failure
        if after.count != before, let cause = after.cause { throw cause }
    }
}

/// Files of which this process brings parts when they are read, by the path that the whole file would have.
package enum PartialFiles {
    private static let sources = Mutex<[String: any AbsentBytes]>([:])

    package static func register(_ source: any AbsentBytes, as path: String) {
        self.sources.withLock { $0[path] = source }
    }

    /// Nil for a file that is whole, or not there.
    package static func source(of path: String) -> (any AbsentBytes)? {
        self.sources.withLock { $0[path] }
    }

    /// Lets go of those that `isNeeded` does not name; who has one open keeps it.
    package static func keep(_ isNeeded: (_ path: String) -> Bool) {
        self.sources.withLock { $0 = $0.filter { isNeeded($0.key) } }
    }
}

/// Maps the file at `path`, or the one with holes that stands for it.
package func mapWholeOrPartial(
    _ path: String
) throws(StorageError) -> (file: MappedFile, absent: (any AbsentBytes)?) {
    if !fileExists(path), let source = PartialFiles.source(of: path) {
        return (try MappedFile(path: source.path), source)
    }
    return (try MappedFile(path: path), nil)
}
