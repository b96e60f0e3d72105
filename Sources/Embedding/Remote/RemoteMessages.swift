internal import Bytes
internal import CKernels
internal import Objects

/// What one request asks and how its answer is read, by provider.
struct RemoteMessages: Sendable {
    let settings: RemoteSettings
    let url: String

    init(_ settings: RemoteSettings) throws(EmbeddingError) {
        self.settings = settings
        self.url = try settings.url()
    }

    /// An answer holds at most some 30 bytes a number, and a little around them.
    private func maximumBytes(_ count: Int) -> Int {
        min(1 << 30, (1 << 20) + count * self.settings.dimensions * 64)
    }

    /// - Parameter key: nil where the server wants none.
    func request(_ texts: [[UInt8]], key: Secret?) -> HTTPRequest {
        var headers = [
            (name: "content-type", value: "application/json"),
            (name: "accept", value: "application/json"),
        ]
        if let key {
            switch self.settings.key.header {
            case .bearer: headers.append(("authorization", "Bearer \(key.value)"))
            case .apiKey: headers.append(("api-key", key.value))
            }
        }
        return HTTPRequest(
            "POST",
            url: self.url,
            headers: headers,
            body: self.body(texts),
            timeout: .seconds(self.settings.timeoutSeconds),
            maximumBytes: self.maximumBytes(texts.count)
        )
    }

    private func body(_ texts: [[UInt8]]) -> [UInt8] {
        var json = JSONText()
        let settings = self.settings
        json.object { json in
            switch settings.provider {
            case .openai:
                if settings.sendsDimensions {
                    json.key("dimensions")
                    json.integer(settings.dimensions)
                }
                json.key("encoding_format")
                json.string("float")
                json.key("input")
                json.array(texts) { $0.string($1) }
                json.key("model")
                json.string(settings.model)
            case .tei:
                if settings.sendsDimensions {
                    json.key("dimensions")
                    json.integer(settings.dimensions)
                }
                json.key("inputs")
                json.array(texts) { $0.string($1) }
                json.key("normalize")
                json.boolean(true)
                json.key("truncate")
                json.boolean(false)
            }
        }
        return json.bytes
    }

    /// Unit vectors in the order of the texts, and the tokens the server counted.
    ///
    /// - Throws: ``BadAnswer``: every text has one whole vector of numbers, or there is no answer.
    func read(_ body: [UInt8], count: Int) throws(BadAnswer) -> RemoteAnswer {
        guard let json = JSONTree(body) else { throw BadAnswer("the answer is no JSON") }
        let vectors =
            switch self.settings.provider {
            case .openai: try self.openAIVectors(json, count: count)
            case .tei: try self.plainVectors(json.elements, count: count)
            }
        return RemoteAnswer(
            vectors: try vectors.map { vector throws(BadAnswer) in try unit(vector) },
            tokens: Self.usage(json)
        )
    }

    /// Tokens as `usage` has them; nil where the answer does not say.
    static func usage(ofBody body: [UInt8]) -> Int? {
        JSONTree(body).flatMap(self.usage)
    }

    private static func usage(_ json: JSONTree) -> Int? {
        let usage = json["usage"]
        guard let tokens = (usage?["prompt_tokens"] ?? usage?["total_tokens"])?.integer, tokens > 0
        else { return nil }
        return tokens
    }

    /// `index` says which text a vector is of; each occurs once.
    private func openAIVectors(
        _ json: JSONTree,
        count: Int
    ) throws(BadAnswer) -> [[Float]] {
        guard let data = json["data"]?.elements else { throw BadAnswer("the answer has no 'data'") }
        guard data.count == count else {
            throw BadAnswer("\(data.count) vectors for \(count) texts")
        }
        let indexes = data.map { $0["index"] }
        let hasIndexes = indexes.contains { $0 != nil }
        var vectors = [[Float]?](repeating: nil, count: count)
        for (position, item) in data.enumerated() {
            var place = position
            if hasIndexes {
                guard let index = indexes[position]?.integer, index >= 0, index < count else {
                    throw BadAnswer("a vector of no text that was asked for")
                }
                place = index
            }
            guard vectors[place] == nil else { throw BadAnswer("two vectors for one text") }
            vectors[place] = try self.vector(item["embedding"])
        }
        return vectors.compactMap { $0 }
    }

    private func plainVectors(
        _ elements: [JSONTree]?,
        count: Int
    ) throws(BadAnswer) -> [[Float]] {
        guard let elements else { throw BadAnswer("the answer is no list of vectors") }
        guard elements.count == count else {
            throw BadAnswer("\(elements.count) vectors for \(count) texts")
        }
        return try elements.map { element throws(BadAnswer) in try self.vector(element) }
    }

    private func vector(_ json: JSONTree?) throws(BadAnswer) -> [Float] {
        let numbers: [Float]
        switch json {
        case .numbers(let values): numbers = values
        case .string(let text):
            guard let values = floats(ofBase64: text) else {
                throw BadAnswer("a vector that is no base64 of 32-bit floats")
            }
            numbers = values
        case .array(let elements) where elements.isEmpty: numbers = []
        default: throw BadAnswer("a vector that holds something else than numbers")
        }
        guard numbers.count == self.settings.dimensions else {
            throw BadAnswer(
                "a vector of \(numbers.count) dimensions where 'dimensions' says "
                    + "\(self.settings.dimensions)"
            )
        }
        return numbers
    }
}

/// The whole answer to one request.
struct RemoteAnswer: Sendable {
    /// Of length 1, in the order of the texts.
    var vectors: [[Float]]
    /// As the server counted them; nil where it does not say.
    var tokens: Int?
}

/// An answer that cannot be used; never what it holds.
struct BadAnswer: Error, Sendable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// The same direction with length 1.
private func unit(_ vector: [Float]) throws(BadAnswer) -> [Float] {
    guard vector.allSatisfy(\.isFinite) else { throw BadAnswer("a vector that is no number") }
    // Summed in Double, so that no finite vector overflows.
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0 else { throw BadAnswer("a vector of zeros") }
    var scaled = vector.map { Float(Double($0) / length) }
    ckernels_scale_to_unit(&scaled, scaled.count, 1e-32)
    return scaled
}

/// Little-endian 32-bit floats in base64 (RFC 4648, 4); nil for anything else.
private func floats(ofBase64 text: [UInt8]) -> [Float]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var word: UInt32 = 0
    var bits = 0
    for byte in text.prefix(while: { $0 != UInt8(ascii: "=") }) {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        default: return nil
        }
        word = word << 6 | UInt32(value)
        bits += 6
        if bits >= 8 {
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
        }
    }
    guard bytes.count.isMultiple(of: 4), !bytes.isEmpty else { return nil }
    return bytes.withUnsafeBytes { raw in
        (0..<bytes.count / 4).map { index in
            Float(
                bitPattern: UInt32(
                    littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
                )
            )
        }
    }
}
