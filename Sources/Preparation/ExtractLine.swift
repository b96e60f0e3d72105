internal import Bytes
internal import Extraction
internal import Records

/// What the lines of `millrace stage extract` call a document.
struct ExtractLineName {
    /// The document's id, as JSON.
    let id: [UInt8]
    let uri: String
    /// The id of the document that it was taken out of; nil where it was taken out of none.
    var parent: [UInt8]?

    /// The name of a document in this one: id and URI go on with its suffix.
    func child(_ suffix: String) -> ExtractLineName {
        var coded = JSONText()
        coded.string(suffix)
        let quote = UInt8.quotationMark
        let head = self.id.last == quote ? Array(self.id.dropLast()) : [quote] + self.id
        return ExtractLineName(
            id: head + coded.bytes.dropFirst(),
            uri: self.uri + suffix,
            parent: self.id
        )
    }

    /// Writes what only a document in another one has.
    fileprivate func writeParent(to json: inout JSONText) {
        guard let parent = self.parent else { return }
        json.key("parent")
        json.value(parent)
    }

    fileprivate func writeURI(to json: inout JSONText) {
        guard self.parent != nil else { return }
        json.key("uri")
        json.string(self.uri)
    }
}

/// The line of a document in another one that cannot be read.
struct ExtractErrorLine {
    let name: ExtractLineName
    let error: StageError

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("error")
            json.object { json in
                json.key("code")
                json.string(self.error.code.rawValue)
                json.key("message")
                json.string(self.error.message)
            }
            json.key("id")
            json.value(self.name.id)
            self.name.writeParent(to: &json)
            self.name.writeURI(to: &json)
        }
    }
}

/// The line of `millrace stage extract` for one document.
struct ExtractLine {
    private let name: ExtractLineName
    private let content: ExtractedContent
    /// Looked at once, for the text and the blocks that are parts of it.
    private let isValid: Bool

    init(name: ExtractLineName, content: ExtractedContent) {
        self.name = name
        self.content = content
        self.isValid = content.text.withUnsafeBufferPointer(isValidUTF8)
    }

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("blocks")
            json.array(zip(self.content.blocks, self.content.plainRanges)) { json, block in
                self.write(block.0, block.1, to: &json)
            }
            json.key("id")
            json.value(self.name.id)
            json.key("markdown")
            json.string(self.content.markdown)
            json.key("metadata")
            json.object { json in
                for (key, value) in self.content.metadata.sorted(by: { isBefore($0.key, $1.key) }) {
                    json.key(key)
                    json.string(value)
                }
            }
            self.name.writeParent(to: &json)
            json.key("text")
            self.writeText(0..<self.content.text.count, to: &json)
            json.key("title")
            json.string(self.content.title)
            self.name.writeURI(to: &json)
            json.key("warnings")
            json.array(self.content.warnings) { json, warning in
                json.object { json in
                    json.key("code")
                    json.string(warning.code)
                    json.key("count")
                    json.integer(warning.count)
                }
            }
        }
    }

    private func writeText(_ range: Range<Int>, to json: inout JSONText) {
        if self.isValid {
            json.string(range, ofValid: self.content.text)
        } else {
            json.string(self.content.text[range])
        }
    }

    /// A block with its text; only pages have numbers, printed labels and boxes, which are left, top,
    /// right and bottom in points.
    private func write(_ block: Block, _ range: Range<Int>, to json: inout JSONText) {
        json.object { json in
            json.key("box")
            if let box = block.place?.box {
                json.array(box) { json, edge in json.integer(edge) }
            } else {
                json.null()
            }
            json.key("end")
            json.integer(range.upperBound)
            json.key("level")
            json.integer(Int(block.level))
            json.key("origin")
            json.string(block.origin.name)
            json.key("page")
            if block.page > 0 { json.integer(Int(block.page)) } else { json.null() }
            json.key("pageLabel")
            if let label = block.place?.label { json.string(label) } else { json.null() }
            json.key("start")
            json.integer(range.lowerBound)
            json.key("text")
            self.writeText(range, to: &json)
            json.key("type")
            json.string(block.kind.name)
        }
    }
}

private func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}
