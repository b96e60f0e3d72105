internal import Bytes
internal import Objects
internal import Records
internal import Storage

/// The pages of web archives: what servers answered with success, of each address what came last.
///
/// A place is the address as a crawl of the `http` source writes it. A version is the record's own id.
///
/// Crawlers gzip each record by itself; where a gzip holds more of them, they are found by their places in it.
///
/// - Source: ISO 28500:2017, WARC 1.1.
struct WebArchiveRecords: ContainerForm {
    static let name = "web archive (WARC)"

    /// Pages elsewhere are left out; none takes all.
    let scope: CrawlScope
    private let marks = GzipMarks()

    init(scope: CrawlScope) { self.scope = scope }

    var placesByFile: Bool { false }

    func documents(
        in file: ContainerFile,
        _ note: (String) -> Void
    ) throws(ConnectorError) -> [ContainedDocument]? {
        let first = try file.read(at: 0, count: 8)
        let isGzip = first.starts(with: [0x1F, 0x8B])
        if first.isEmpty { return [] }
        guard isGzip || first.starts(with: "WARC/".utf8) else { return nil }
        var documents: [ContainedDocument] = []
        var count = 0
        do throws(ConnectorError) {
            var input = try self.input(file, at: RecordPlace(offset: 0), isGzip)
            while try input.hasMore() {
                let place = input.place
                let record = try WebArchiveRecord(input)
                if let document = self.document(record, place) { documents.append(document) }
                if let next = try record.end(input) {
                    input = try self.input(file, at: next, isGzip)
                }
                count += 1
            }
        } catch {
            note("after \(count) records: \(error.message)")
        }
        return documents
    }

    private func input(
        _ file: ContainerFile,
        at place: RecordPlace,
        _ isGzip: Bool
    ) throws(ConnectorError) -> RecordInput {
        try RecordInput(file, at: place, isGzip: isGzip, marks: self.marks)
    }

    private func document(_ record: WebArchiveRecord, _ at: RecordPlace) -> ContainedDocument? {
        guard record.isPage, let address = record.address else { return nil }
        if !self.scope.prefixes.isEmpty, !self.scope.contains(address) { return nil }
        let server = self.scope.prefixes.isEmpty ? "\(address.authority)/" : ""
        let place = server + self.scope.place(of: address)
        let date = record.fields["warc-date"] ?? ""
        return ContainedDocument(
            place: place,
            path: [],
            offset: at.offset,
            inner: at.inner,
            size: record.payloadCount,
            version: record.version,
            mediaType: record.mediaType(ofPlace: place),
            modificationNanoseconds: InternetTime.nanoseconds(ofISODate: date),
            metadata: ["url": address.description, "date": date]
        )
    }

    /// Of each address the latest.
    func settled(_ documents: [ContainedDocument]) -> [ContainedDocument] {
        var latest: [String: Int] = [:]
        for (index, document) in documents.enumerated() {
            let time = document.modificationNanoseconds ?? .min
            if let other = latest[document.place],
                documents[other].modificationNanoseconds ?? .min > time
            {
                continue
            }
            latest[document.place] = index
        }
        return latest.values.sorted().map { documents[$0] }
    }

    func read(
        _ document: ContainedDocument,
        in file: ContainerFile,
        limit: Int
    ) throws(ConnectorError) -> SourceDocument? {
        let isGzip = try file.read(at: 0, count: 2).elementsEqual([0x1F, 0x8B])
        let place = RecordPlace(offset: document.offset, inner: document.inner)
        let input: RecordInput
        let record: WebArchiveRecord
        do throws(ConnectorError) {
            input = try self.input(file, at: place, isGzip)
            record = try WebArchiveRecord(input)
        } catch {
            if error.code == .permanent { return nil }
            throw error
        }
        guard record.version == document.version else { return nil }
        let type = ContentTypeHeader(record.http?["content-type"])
        return SourceDocument(
            bytes: try record.body(input, limit: limit),
            mediaType: record.mediaType(ofPlace: document.place),
            charset: type.charset
        )
    }
}
