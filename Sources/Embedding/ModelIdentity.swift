/// Everything that decides a model's vectors: two vectors may be compared only if these are equal.
package struct ModelIdentity: Hashable, Sendable, Codable {
    package var name: String
    /// Of the weights, 64 hexadecimal digits; empty for a model without weights.
    package var sha256: String
    /// The tokeniser's own identity.
    package var tokenizer: String
    package var dimensions: Int
    /// Put before a query's text.
    package var queryPrefix: String
    /// Put before a chunk's text.
    package var passagePrefix: String
    /// Number format of the arithmetic: `f32`.
    package var precision: String
    /// Most tokens of one input the model reads, its own special tokens counted.
    package var maximumTokens: Int
    /// Raised when this program's code may give other vectors for the same weights.
    package var revision: Int

    package init(
        name: String,
        sha256: String,
        tokenizer: String,
        dimensions: Int,
        queryPrefix: String = "",
        passagePrefix: String = "",
        precision: String = "f32",
        maximumTokens: Int,
        revision: Int
    ) {
        self.name = name
        self.sha256 = sha256
        self.tokenizer = tokenizer
        self.dimensions = dimensions
        self.queryPrefix = queryPrefix
        self.passagePrefix = passagePrefix
        self.precision = precision
        self.maximumTokens = maximumTokens
        self.revision = revision
    }

    /// One line a field in a fixed order, each value behind its byte count: equal texts mean equal
    /// identities, whatever the values hold.
    package var fingerprintText: String {
        let fields = [
            ("name", self.name),
            ("sha256", self.sha256),
            ("tokenizer", self.tokenizer),
            ("dimensions", String(self.dimensions)),
            ("query-prefix", self.queryPrefix),
            ("passage-prefix", self.passagePrefix),
            ("precision", self.precision),
            ("maximum-tokens", String(self.maximumTokens)),
            ("revision", String(self.revision)),
        ]
        return fields.map { "\($0.0)=\($0.1.utf8.count):\($0.1)\n" }.joined()
    }
}
