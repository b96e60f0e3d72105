internal import Bytes
package import Records

/// The fixed-width part of a document row.
package struct SegmentDocumentRow: Hashable, Sendable {
    package let id: DocumentID
    /// Indices of the document's chunks in the segment.
    package let chunks: Range<Int>
    /// Numbers of labels: see ``SegmentReader/label(_:)``.
    package let language: Int
    package let source: Int
    package let mediaType: Int
    let strings: Range<Int>
}

extension SegmentReader {
    package func documentRow(_ index: Int) throws -> SegmentDocumentRow {
        precondition(0..<self.documentCount ~= index, "no such document row")
        let at = index * SegmentFormat.documentRowByteCount
        return try self.withSection(
            .documents,
            reading: at..<at + SegmentFormat.documentRowByteCount
        ) { bytes in
            let firstChunk = Int(bytes.little(UInt32.self, at: at + 16))
            let chunkCount = Int(bytes.little(UInt32.self, at: at + 20))
            let start = Int(clamping: bytes.little(UInt64.self, at: at + 24))
            let byteCount = Int(bytes.little(UInt32.self, at: at + 32))
            guard firstChunk <= self.chunkCount, chunkCount <= self.chunkCount - firstChunk,
                byteCount <= self.byteCount(.documentStrings),
                start <= self.byteCount(.documentStrings) - byteCount
            else { throw self.corrupt("document row \(index) points outside the file") }
            return SegmentDocumentRow(
                id: DocumentID(
                    high: bytes.little(UInt64.self, at: at),
                    low: bytes.little(UInt64.self, at: at + 8)
                ),
                chunks: firstChunk..<firstChunk + chunkCount,
                language: Int(bytes.little(UInt32.self, at: at + 36)),
                source: Int(bytes.little(UInt32.self, at: at + 40)),
                mediaType: Int(bytes.little(UInt32.self, at: at + 44)),
                strings: start..<start + byteCount
            )
        }
    }

    package func document(_ index: Int) throws -> SegmentDocument {
        let row = try self.documentRow(index)
        return try self.withSection(.documentStrings, reading: row.strings) { bytes in
            var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[row.strings]))
            guard let uri = cursor.countedText(), let title = cursor.countedText(),
                let metadata = cursor.metadata(), cursor.isAtEnd
            else { throw self.corrupt("the strings of document row \(index) cannot be read") }
            return SegmentDocument(
                id: row.id,
                uri: uri,
                title: title,
                source: try self.label(row.source),
                language: try self.label(row.language),
                mediaType: try self.label(row.mediaType),
                metadata: metadata
            )
        }
    }

    /// The bytes of a document's title.
    package func title(ofDocument index: Int) throws -> [UInt8] {
        var title: [UInt8] = []
        _ = try self.withStrings(ofDocument: index) { cursor in
            guard cursor.countedBytes() != nil, let bytes = cursor.countedBytes() else {
                return nil
            }
            title = Array(bytes)
            return true
        }
        return title
    }

    package func uri(ofDocument index: Int) throws -> String {
        var uri: String?
        _ = try self.withStrings(ofDocument: index) { cursor in
            uri = cursor.countedText()
            return uri.map { _ in true }
        }
        return uri ?? ""
    }

    /// The value under a key of a document's metadata; nil where it has none.
    package func metadata(ofDocument index: Int, under key: String) throws -> String? {
        var value: String?
        _ = try self.withMetadata(ofDocument: index, under: Array(key.utf8)) {
            value = String(decoding: $0, as: UTF8.self)
            return true
        }
        return value
    }

    /// Whether the URI of a document starts with `prefix`, without making a string of it.
    package func uri(ofDocument index: Int, startsWith prefix: [UInt8]) throws -> Bool {
        try self.withStrings(ofDocument: index) { cursor in
            guard let uri = cursor.countedBytes() else { return nil }
            return uri.count >= prefix.count && uri[..<prefix.count].elementsEqual(prefix)
        }
    }

    /// Whether a document's metadata has this value under this key, without making strings of it.
    package func metadata(
        ofDocument index: Int,
        has value: [UInt8],
        under key: [UInt8]
    ) throws -> Bool {
        try self.withMetadata(ofDocument: index, under: key) { $0.elementsEqual(value) }
    }

    /// What `body` says of the value under a key of a document's metadata; false where there is none.
    private func withMetadata(
        ofDocument index: Int,
        under key: [UInt8],
        _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws -> Bool {
        try self.withStrings(ofDocument: index) { cursor in
            guard cursor.countedBytes() != nil, cursor.countedBytes() != nil,
                let count = cursor.little32()
            else { return nil }
            for _ in 0..<count {
                guard let found = cursor.countedBytes(), let has = cursor.countedBytes() else {
                    return nil
                }
                if found.elementsEqual(key) { return body(has) }
            }
            return false
        }
    }

    /// - Parameter body: Gives nil for strings that cannot be read.
    private func withStrings(
        ofDocument index: Int,
        _ body: (inout ByteCursor) -> Bool?
    ) throws -> Bool {
        let row = try self.documentRow(index)
        return try self.withSection(.documentStrings, reading: row.strings) { bytes in
            var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[row.strings]))
            guard let answer = body(&cursor) else {
                throw self.corrupt("the strings of document row \(index) cannot be read")
            }
            return answer
        }
    }

    /// The row of the document with this id; nil when the segment does not hold it.
    ///
    /// - Complexity: O(log documents).
    package func documentIndex(of id: DocumentID) throws -> Int? {
        let index = try lowerBound(of: self.documentCount) { try self.documentRow($0).id >= id }
        guard index < self.documentCount, try self.documentRow(index).id == id else { return nil }
        return index
    }

    /// A language, source or media type by its number.
    package func label(_ number: Int) throws -> String {
        try self.tableString(.labels, number)
    }

    /// How many labels the segment has; their numbers start at 0.
    package var labelCount: Int { self.tableCount(.labels) }

    func tableCount(_ section: SegmentFormat.Section) -> Int {
        self.withSection(section) { $0.count >= 4 ? Int($0.little(UInt32.self, at: 0)) : 0 }
    }

    func tableString(_ section: SegmentFormat.Section, _ number: Int) throws -> String {
        try self.withSection(section) { bytes in
            let range = try self.tableRange(section, number, unit: 1)
            return String(decoding: bytes[range], as: UTF8.self)
        }
    }

    /// Where entry `number` of a table lies: its count, count + 1 offsets, the entries.
    func tableRange(
        _ section: SegmentFormat.Section,
        _ number: Int,
        unit: Int
    ) throws -> Range<Int> {
        try self.withSection(section) { bytes in
            let count = self.tableCount(section)
            let base = 4 + 4 * (count + 1)
            guard bytes.count >= base, 0..<count ~= number else {
                throw self.corrupt("section \(section.name) has no entry \(number)")
            }
            let start = base + unit * Int(bytes.little(UInt32.self, at: 4 + 4 * number))
            let end = base + unit * Int(bytes.little(UInt32.self, at: 8 + 4 * number))
            guard start <= end, end <= bytes.count else {
                throw self.corrupt("entry \(number) of section \(section.name) lies outside it")
            }
            return start..<end
        }
    }
}
