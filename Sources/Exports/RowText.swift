internal import Bytes
internal import Records
internal import Search

extension JSONText {
    /// The fields of a row, keys ascending, as every export has them.
    ///
    /// - Parameter vector: The key of the vector and its values; nil leaves it out.
    mutating func rowFields(_ row: ExportRow, vector: [Float]? = nil) {
        if let box = row.place?.box {
            self.key("box")
            self.array(box) { $0.integer($1) }
        }
        self.key("chunk_id")
        self.string(row.id.description)
        self.key("digest")
        self.string(row.digest.hex)
        self.key("document_id")
        self.string(row.documentID)
        if let vector {
            self.key("embedding")
            self.array(vector) { $0.number($1) }
        }
        self.key("end")
        self.integer(row.range.upperBound)
        self.key("headings")
        self.array(row.headings) { $0.string($1) }
        self.key("labels")
        self.array(row.labels) { $0.string($1) }
        self.key("language")
        self.string(row.language)
        self.key("media_type")
        self.string(row.mediaType)
        self.key("metadata")
        self.object { json in
            for (key, value) in row.metadata.sorted(by: { $0.key < $1.key }) {
                json.key(key)
                json.string(value)
            }
        }
        self.key("ordinal")
        self.integer(row.ordinal)
        self.key("page")
        self.integer(row.page)
        if let label = row.place?.label {
            self.key("page_label")
            self.string(label)
        }
        self.key("source")
        self.string(row.source)
        self.key("start")
        self.integer(row.range.lowerBound)
        self.key("text")
        self.string(row.text)
        self.key("title")
        self.string(row.title)
        self.key("uri")
        self.string(row.uri)
    }
}
