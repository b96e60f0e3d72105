internal import Bytes
internal import Objects
internal import Records
internal import Storage

/// The pages of web archives: what servers answered with success, of each address what came last.
///
/// A place is the address as a crawl of the `http` source writes it. A version is the record's own id.
///
/// - Source: ISO 28500:2017, WARC 1.1; each record of a gzipped file is a member of its own, as crawlers
///   write them.
struct WebArchiveRecords: ContainerForm {
    static let name = "web archive (WARC)"

    /// Pages elsewhere are left out; none takes all.
    let scope: CrawlScope

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
        var offset = 0
        var count = 0
        while try !file.read(at: offset, count: 1).isEmpty {
            let input = RecordInput(file, at: offset, isGzip: isGzip)
            do throws(ConnectorError) {
                let record = try WebArchiveRecord(input)
                if let document = self.document(record, offset) { documents.append(document) }
                offset = try record.end(input)
            } catch {
                note("after \(count) records: \(error.message)")
                break
            }
            count += 1
        }
        return documents
    }

    private func document(_ record: WebArchiveRecord, _ offset: Int) -> ContainedDocument? {
        guard record.isPage, let address = record.address else { return nil }
        if !self.scope.prefixes.isEmpty, !self.scope.contains(address) { return nil }
        let server = self.scope.prefixes.isEmpty ? "\(address.authority)/" : ""
        let place = server + self.scope.place(of: address)
        let date = record.fields["warc-date"] ?? ""
        return ContainedDocument(
            place: place,
            path: [],
            offset: offset,
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
        let input = RecordInput(file, at: document.offset, isGzip: isGzip)
        let record: WebArchiveRecord
        do throws(ConnectorError) {
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
