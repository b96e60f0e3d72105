internal import Hashing
internal import Records
internal import Storage

/// One immutable file of entries, sorted by key and number; its name is the SHA-256 of its bytes.
///
/// The numbers of a run lie between those of the runs before and after it, and all entries of a group lie in
/// one run.
final class BandRun: Sendable {
    let digest: Digest
    let shape: BandRunShape
    /// Entries, those of dropped groups among them.
    let count: Int
    private let file: MappedFile

    static func path(_ digest: Digest, in folder: String) -> String {
        "\(folder)/\(digest.hex)\(WorkspaceLayout.bandsSuffix)"
    }

    /// Opens a run of a folder and holds its bytes to their hash.
    ///
    /// - Throws: ``ManifestError`` `.corrupt` where it is gone or has changed.
    convenience init(_ digest: Digest, in folder: String) throws {
        let path = Self.path(digest, in: folder)
        guard fileExists(path) else {
            throw ManifestError(.corrupt, path: path, "this part of the dedupe store is missing")
        }
        let file = try MappedFile(path: path)
        var hasher = StreamingSHA256()
        try file.forEachPiece { hasher.update($0) }
        guard hasher.finish() == digest else {
            throw ManifestError(.corrupt, path: path, "its bytes are not those that were written")
        }
        try self.init(file, digest)
    }

    /// A run that this process wrote.
    convenience init(written digest: Digest, in folder: String) throws {
        try self.init(MappedFile(path: Self.path(digest, in: folder)), digest)
    }

    private init(_ file: MappedFile, _ digest: Digest) throws {
        self.file = file
        self.digest = digest
        do {
            (self.shape, self.count) = try file.withBytes { try BandRunShape.read($0) }
        } catch is BadColumn {
            throw ManifestError(.corrupt, path: file.path, "this is no part of a dedupe store")
        }
    }

    var byteCount: Int { self.file.byteCount }
    var numbers: ClosedRange<Int64> { self.shape.low...self.shape.high }

    /// Lets go of the pages that were read.
    func release() { self.file.advise(.done) }

    /// Choice: a system call for a megabyte or two.
    fileprivate static let placesPerRelease = 1 << 18

    /// Lets go of the pages of some entries, so that who reads a run from end to end holds little of it.
    fileprivate func release(_ places: Range<Int>) {
        let bits = self.shape.entryBits
        self.file.release(places.lowerBound * bits / 8..<places.upperBound * bits / 8)
    }

    /// Calls `body` with the numbers that have a key, ascending, until it returns false.
    func forEachNumber(of key: UInt64, _ body: (Int64) -> Bool) {
        let bucket = self.shape.bucket(of: key)
        let end = self.start(ofBucket: bucket + 1)
        let floor = self.shape.floor(of: key)
        let ceiling = floor | (1 << UInt64(self.shape.numberBits) - 1)
        var place = self.start(ofBucket: bucket)
        var rest = end - place
        while rest > 0 {
            let half = rest / 2
            if self.value(at: place + half) < floor {
                place += half + 1
                rest -= half + 1
            } else {
                rest = half
            }
        }
        while place < end {
            let value = self.value(at: place)
            guard value <= ceiling, body(self.shape.number(value)) else { return }
            place += 1
        }
    }

    /// Calls `body` with every entry, sorted.
    func forEachEntry(_ body: (BandEntry) throws -> Void) rethrows {
        var place = 0
        var released = 0
        for bucket in 0..<self.shape.bucketCount {
            if place - released >= Self.placesPerRelease {
                self.release(released..<place)
                released = place
            }
            let end = self.start(ofBucket: bucket + 1)
            while place < end {
                try body(self.shape.entry(self.value(at: place), bucket: bucket))
                place += 1
            }
        }
    }

    fileprivate func start(ofBucket bucket: Int) -> Int {
        let table = self.shape.entryByteCount(self.count) + 8
        let bytes = self.file.bytes
        return Int(bytes.loadUnaligned(fromByteOffset: table + 4 * bucket, as: UInt32.self))
    }

    fileprivate func value(at place: Int) -> UInt64 {
        let bit = place * self.shape.entryBits
        let word = self.file.bytes.loadUnaligned(fromByteOffset: bit / 8, as: UInt64.self)
        return word >> UInt64(bit % 8) & (1 << UInt64(self.shape.entryBits) - 1)
    }
}

/// The entries of a run one after the other.
struct BandCursor {
    private let run: BandRun
    private var bucket = 0
    private var bucketEnd: Int
    private var place = 0
    private var released = 0
    /// Nil behind the last.
    private(set) var entry: BandEntry?

    init(_ run: BandRun) {
        self.run = run
        self.bucketEnd = run.start(ofBucket: 1)
        self.read()
    }

    mutating func advance() {
        self.place += 1
        self.read()
    }

    private mutating func read() {
        guard self.place < self.run.count else {
            self.entry = nil
            return
        }
        if self.place - self.released >= BandRun.placesPerRelease {
            self.run.release(self.released..<self.place)
            self.released = self.place
        }
        while self.place >= self.bucketEnd {
            self.bucket += 1
            self.bucketEnd = self.run.start(ofBucket: self.bucket + 1)
        }
        self.entry = self.run.shape.entry(self.run.value(at: self.place), bucket: self.bucket)
    }
}
