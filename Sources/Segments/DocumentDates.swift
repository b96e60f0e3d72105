internal import Records

extension SegmentDocument {
    /// When it was changed, else published, as its metadata says: seconds since 1970; nil where neither is a date.
    package var date: Int64? {
        ["modified", "published"].lazy.compactMap { self.metadata[$0].flatMap(documentDate) }.first
    }
}

extension SegmentReader {
    /// Whether the file has the dates of documents in a column; before format 5 their metadata says them.
    var hasDates: Bool { self.header.version >= SegmentFormat.packedVersion }

    /// The date of a document, as ``SegmentDocument/date``.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` where an older file's strings of the document are damaged.
    /// - Precondition: there is such a row.
    package func date(ofDocument index: Int) throws -> Int64? {
        precondition(0..<self.documentCount ~= index, "no such document row")
        guard self.hasDates else { return try self.document(index).date }
        let date = self.withSection(.dates) { $0.little(Int64.self, at: 8 * index) }
        return date == SegmentFormat.noDate ? nil : date
    }

    func verifyDates() throws {
        guard self.hasDates else { return }
        for index in 0..<self.documentCount {
            guard try self.date(ofDocument: index) == self.document(index).date else {
                throw self.corrupt("document row \(index) has not its own date")
            }
        }
    }
}
