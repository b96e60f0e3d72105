internal import Records

/// What is kept of a page from one listing to the next.
struct PageRecord: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        /// A page with content of its own.
        case document
        /// A page that asks not to be indexed; its links count.
        case notIndexed
        /// It led to the page in ``target``.
        case redirect
        /// The server has no such page, or it lies where the source may not go.
        case absent
    }

    var kind: Kind
    /// What makes the next request for it conditional; as the server wrote them, or empty.
    var entityTag = ""
    var lastModified = ""
    /// What the sitemap or feed said of its last change.
    var stamp = ""
    /// Of the content and its declared type.
    var version = Digest.zero
    /// Where a redirect leads, or the address that a document prefers for itself.
    var target: Int?
    /// The pages of the scope that it links to.
    var links: [Int] = []
    /// Whether it is a document of the source.
    var isListed = false
}

/// Where a listing of pages stands: a value that can be written down and gone on with in another
/// process.
///
/// Pages have numbers, in the order in which they were first named.
struct CrawlState: Sendable {
    /// What the state was made with: of other settings it is worth nothing.
    let settings: Digest
    /// Addresses by number.
    private(set) var addresses: [String] = []
    private var numbers: [String: Int] = [:]
    /// By number; nil for a page that was not fetched yet.
    private(set) var records: [PageRecord?] = []
    /// Of the listing before this one, by number; empty when all is listed anew.
    private(set) var known: [Int: PageRecord] = [:]
    /// Pages to fetch, in order; those before ``position`` are done.
    private(set) var queue: [Int] = []
    private(set) var position = 0
    /// Links or redirects from a page that the source begins with, by number.
    private var steps: [Int] = []
    var isDelta = false
    /// Whether any page was fetched: if none was, the source cannot be reached.
    var hasSuccess = false
    /// What the sitemap or feed said of pages, by number.
    var stamps: [Int: String] = [:]

    init(settings: Digest) { self.settings = settings }

    var isFinished: Bool { self.position == self.queue.count }

    /// The number of `address`; a new one where it was not named yet.
    mutating func number(of address: String) -> Int {
        if let known = self.numbers[address] { return known }
        let number = self.addresses.count
        self.numbers[address] = number
        self.addresses.append(address)
        self.records.append(nil)
        self.steps.append(-1)
        return number
    }

    /// Whether the address has a number.
    func names(_ address: String) -> Bool { self.numbers[address] != nil }

    /// Puts a page at the end of the queue, once; with the fewest steps that lead to it.
    ///
    /// - Returns: false where it is more steps away than the source goes.
    @discardableResult
    mutating func enqueue(_ number: Int, steps: Int, limit: Int) -> Bool {
        if self.steps[number] >= 0 { return true }
        guard steps <= limit else { return false }
        self.steps[number] = steps
        self.queue.append(number)
        return true
    }

    func steps(to number: Int) -> Int { self.steps[number] }

    /// The next pages to fetch, at most `count`.
    mutating func take(_ count: Int) -> ArraySlice<Int> {
        let end = min(self.queue.count, self.position + count)
        defer { self.position = end }
        return self.queue[self.position..<end]
    }

    mutating func record(_ number: Int, _ record: PageRecord) { self.records[number] = record }

    mutating func setListed(_ number: Int) { self.records[number]?.isListed = true }

    /// The listing that the next one of changes begins with.
    func remembered() -> CrawlState {
        var state = CrawlState(settings: self.settings)
        for (number, record) in self.records.enumerated() {
            guard var record, record.kind != .absent else { continue }
            record.links = record.links.map { state.number(of: self.addresses[$0]) }
            record.target = record.target.map { state.number(of: self.addresses[$0]) }
            state.known[state.number(of: self.addresses[number])] = record
        }
        state.isDelta = true
        return state
    }

    // MARK: Coding

    private static let formatVersion: UInt8 = 1

    func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: self.addresses.count * 128)
        writer.write(Self.formatVersion)
        writer.write(self.settings)
        writer.write(UInt8((self.isDelta ? 1 : 0) | (self.hasSuccess ? 2 : 0)))
        writer.write(count: self.addresses.count)
        for address in self.addresses { writer.write(address) }
        for (record, steps) in zip(self.records, self.steps) {
            writer.write(count: steps + 1)
            writer.write(record)
        }
        writer.write(count: self.known.count)
        for (number, record) in self.known.sorted(by: { $0.key < $1.key }) {
            writer.write(count: number)
            writer.write(record)
        }
        writer.write(count: self.queue.count)
        for number in self.queue { writer.write(count: number) }
        writer.write(count: self.position)
        writer.write(count: self.stamps.count)
        for (number, stamp) in self.stamps.sorted(by: { $0.key < $1.key }) {
            writer.write(count: number)
            writer.write(stamp)
        }
        return writer.bytes
    }

    /// Nil for what another version or other settings wrote.
    init?(_ bytes: [UInt8], settings: Digest) {
        var reader = ByteReader(bytes)
        do {
            guard try reader.readByte() == Self.formatVersion, try reader.readDigest() == settings
            else {
                return nil
            }
            self.settings = settings
            let flags = try reader.readByte()
            self.isDelta = flags & 1 != 0
            self.hasSuccess = flags & 2 != 0
            for _ in 0..<(try reader.readCount()) { _ = self.number(of: try reader.readString()) }
            for number in self.addresses.indices {
                self.steps[number] = try reader.readCount() - 1
                self.records[number] = try reader.readPage(below: self.addresses.count)
            }
            for _ in 0..<(try reader.readCount()) {
                let number = try reader.readNumber(below: self.addresses.count)
                self.known[number] = try reader.readPage(below: self.addresses.count)
            }
            for _ in 0..<(try reader.readCount()) {
                self.queue.append(try reader.readNumber(below: self.addresses.count))
            }
            self.position = try reader.readNumber(below: self.queue.count + 1)
            for _ in 0..<(try reader.readCount()) {
                let number = try reader.readNumber(below: self.addresses.count)
                self.stamps[number] = try reader.readString()
            }
        } catch {
            return nil
        }
    }
}

private struct UnreadableState: Error {}

extension ByteWriter {
    fileprivate mutating func write(_ record: PageRecord?) {
        guard let record else { return self.write(UInt8(0)) }
        self.write(record.kind.rawValue + 1)
        self.write(record.entityTag)
        self.write(record.lastModified)
        self.write(record.stamp)
        self.write(record.version)
        self.write(count: record.target.map { $0 + 1 } ?? 0)
        self.write(count: record.links.count)
        for link in record.links { self.write(count: link) }
        self.write(UInt8(record.isListed ? 1 : 0))
    }
}

extension ByteReader {
    fileprivate mutating func readNumber(below limit: Int) throws -> Int {
        let number = try self.readCount()
        guard number < limit else { throw UnreadableState() }
        return number
    }

    fileprivate mutating func readPage(below limit: Int) throws -> PageRecord? {
        let mark = try self.readByte()
        guard mark > 0 else { return nil }
        guard let kind = PageRecord.Kind(rawValue: mark - 1) else { throw UnreadableState() }
        var record = PageRecord(kind: kind)
        record.entityTag = try self.readString()
        record.lastModified = try self.readString()
        record.stamp = try self.readString()
        record.version = try self.readDigest()
        let target = try self.readNumber(below: limit + 1)
        record.target = target > 0 ? target - 1 : nil
        for _ in 0..<(try self.readCount()) {
            record.links.append(try self.readNumber(below: limit))
        }
        record.isListed = try self.readByte() != 0
        return record
    }
}
