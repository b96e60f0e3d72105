internal import Dispatch
internal import Records
internal import Synchronization

/// What one line of a listing says.
enum LineFinding {
    case document(ListedItem)
    case deleted(DocumentID)
    /// Something could not be listed.
    case problem(String)
    /// Where a later listing of what changed begins.
    case checkpoint([UInt8])
    /// From here on only what changed is named.
    case delta
    /// A document that the source's patterns leave out.
    case unmatched
    case nothing
}

/// Says what a line of a listing means.
protocol LineInterpreter: Sendable {
    func finding(in line: JSONValue) -> LineFinding
    /// Whether a listing from a checkpoint is one of changes without saying so.
    var isDeltaUnsaid: Bool { get }
}

/// A listing that comes as lines of JSON, from a file or a program.
///
/// Pages go on where the one before ended; in another process the lines are read again up to there.
final class LineListing: Sendable {
    /// Lines that are being read.
    private struct Open: Sendable {
        let reader: any LineReader
        /// Lines taken so far.
        var count = 0
        var isDelta = false
        /// What an earlier listing left; nil for a complete one.
        var since: [UInt8]?
        var checkpoint: [UInt8]?
        var seen: [DocumentID: ItemVersion] = [:]
        /// A line that was read to see what begins.
        var first: [UInt8]?
    }

    private let source: String
    private let interpreter: any LineInterpreter
    private let lineBytesMaximum: Int
    private let start: @Sendable (_ since: [UInt8]?) throws(ConnectorError) -> any LineReader
    private let queue = DispatchQueue(label: "millrace.lines")
    private let state = Mutex<Open?>(nil)

    private static let itemsOfPage = 500
    private static let bytesOfPage = 4 << 20

    /// - Parameter start: opens the lines, from a checkpoint where one is given.
    init(
        source: String,
        interpreter: any LineInterpreter,
        lineBytesMaximum: Int,
        start: @escaping @Sendable (_ since: [UInt8]?) throws(ConnectorError) -> any LineReader
    ) {
        self.source = source
        self.interpreter = interpreter
        self.lineBytesMaximum = lineBytesMaximum
        self.start = start
    }

    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        try await waiting(on: self.queue) { () throws(ConnectorError) in
            try self.pageNow(after: cursor)
        }
    }

    /// Fields of a cursor: `since` and the checkpoint of an earlier listing, or `line`, how many lines were
    /// taken, and the checkpoint that they began from.
    private func pageNow(after cursor: ListingCursor?) throws(ConnectorError) -> ListingPage {
        let fields = cursor.map { CursorFields.parse($0.bytes) ?? [] } ?? []
        var open: Open
        switch (fields.first.map { String(decoding: $0, as: UTF8.self) }, fields.count) {
        case (nil, 0) where cursor == nil:
            open = Open(reader: try self.start(nil))
        case ("since", 2):
            open = try self.opened(since: fields[1])
        case ("line", 3):
            let count = Int(String(decoding: fields[1], as: UTF8.self)) ?? 0
            open = try self.reopened(at: count, since: fields[2].isEmpty ? nil : fields[2])
        default:
            throw ConnectorError(
                .permanent,
                path: self.source,
                "the place where its listing stopped cannot be read; run 'millrace sync --reconcile'"
            )
        }
        return try self.page(from: &open)
    }

    /// Lines from a checkpoint on; all of them where the program will not take it.
    private func opened(since: [UInt8]) throws(ConnectorError) -> Open {
        var open = Open(reader: try self.start(since), since: since)
        do throws(ConnectorError) {
            open.first = try open.reader.readLine(maximumBytes: self.lineBytesMaximum)
            if open.first == nil { try open.reader.finish() }
        } catch {
            return Open(reader: try self.start(nil))
        }
        open.isDelta = self.interpreter.isDeltaUnsaid
        return open
    }

    /// The lines that are open at this place, or those that a new start gives.
    private func reopened(at count: Int, since: [UInt8]?) throws(ConnectorError) -> Open {
        let kept = self.state.withLock { state in
            defer { state = nil }
            return state
        }
        if let kept, kept.count == count { return kept }
        var open: Open
        if let since {
            open = try self.opened(since: since)
        } else {
            open = Open(reader: try self.start(nil))
        }
        var page = ListingPage(items: [])
        while open.count < count, let line = try self.line(&open) { self.take(line, &open, &page) }
        return open
    }

    private func line(_ open: inout Open) throws(ConnectorError) -> [UInt8]? {
        if let first = open.first {
            open.first = nil
            return first
        }
        return try open.reader.readLine(maximumBytes: self.lineBytesMaximum)
    }

    private func page(from open: inout Open) throws(ConnectorError) -> ListingPage {
        var page = ListingPage(items: [])
        var byteCount = 0
        while page.items.count + page.deleted.count < Self.itemsOfPage, byteCount < Self.bytesOfPage
        {
            guard let line = try self.line(&open) else {
                try open.reader.finish()
                page.isDelta = open.isDelta
                page.checkpoint = open.checkpoint.map { self.cursor("since", [$0]) }
                return page
            }
            byteCount += line.count
            self.take(line, &open, &page)
        }
        page.isDelta = open.isDelta
        page.next = self.cursor("line", [Array("\(open.count)".utf8), open.since ?? []])
        let kept = open
        self.state.withLock { $0 = kept }
        return page
    }

    private func cursor(_ kind: String, _ values: [[UInt8]]) -> ListingCursor {
        var fields = CursorFields()
        fields.add(kind)
        for value in values { fields.add(value) }
        return ListingCursor(fields.bytes)
    }

    private func take(_ line: [UInt8], _ open: inout Open, _ page: inout ListingPage) {
        open.count += 1
        guard line.contains(where: { $0 > 0x20 }) else { return }
        guard let value = JSONValue(line[...]) else {
            self.note("line \(open.count) is no JSON", &page)
            return
        }
        switch self.interpreter.finding(in: value) {
        case .document(let item): self.take(item, &open, &page)
        case .deleted(let id):
            open.seen[id] = .unknown
            page.items.removeAll { $0.id == id }
            page.deleted.append(id)
        case .problem(let message): self.note("line \(open.count): \(message)", &page)
        case .checkpoint(let bytes): open.checkpoint = bytes
        case .delta: open.isDelta = open.since != nil
        case .unmatched: page.report.addUnmatched()
        case .nothing: break
        }
    }

    /// Of documents that come twice the last one counts, as far as the first is not on its way.
    private func take(_ item: ListedItem, _ open: inout Open, _ page: inout ListingPage) {
        if let earlier = open.seen[item.id] {
            if earlier == item.version, earlier.isKnown { return }
            guard let index = page.items.firstIndex(where: { $0.id == item.id }) else {
                self.note(
                    "line \(open.count) has the id of an earlier one, which was taken instead",
                    &page
                )
                return
            }
            page.items[index] = item
        } else {
            page.items.append(item)
        }
        open.seen[item.id] = item.version
    }

    private func note(_ message: String, _ page: inout ListingPage) {
        page.report.add(ListingReport.Problem(path: "\(self.source)/", message: message))
    }
}
