/// A document's id stands in JSON as its 32 hexadecimal digits.
extension DocumentID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = Hex.decode(text).flatMap({ DocumentID(bytes: $0) }) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "an id of a document has 32 hexadecimal digits"
            )
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.hex)
    }
}
