/// A document of sections, each a heading and one paragraph of seeded words.
///
/// A section has about 45 words, so that with a budget of 64 tokens each is a chunk of its own.
struct TestDocument: Hashable {
    enum Format: String, CaseIterable {
        case markdown = "md"
        case html
        case text = "txt"
    }

    var title: String
    var sections: [String]

    init(title: String = "A document", sections: [String]) {
        self.title = title
        self.sections = sections
    }

    init(title: String = "A document", seed: UInt64, sections count: Int = 4) {
        self.init(
            title: title,
            sections: (0..<count).map { Self.paragraph(seed: seed &* 1_000_003 &+ UInt64($0)) }
        )
    }

    static func paragraph(seed: UInt64, words count: Int = 45) -> String {
        var random = SplitMix64(seed: seed)
        let syllables = [
            "ba", "co", "di", "fer", "gu", "hal", "jo", "kin", "lu", "mor", "ne", "pi",
        ]
        let words = (0..<count).map { _ in
            (0..<2 + random.below(2)).map { _ in random.pick(syllables) }.joined()
        }
        return words.joined(separator: " ") + "."
    }

    func bytes(_ format: Format) -> [UInt8] {
        switch format {
        case .markdown:
            let parts = self.sections.enumerated().map { "## Part \($0 + 1)\n\n\($1)" }
            return Array("# \(self.title)\n\n\(parts.joined(separator: "\n\n"))\n".utf8)
        case .html:
            let parts = self.sections.enumerated().map { "<h2>Part \($0 + 1)</h2><p>\($1)</p>" }
            let page =
                "<!doctype html><html><head><title>\(self.title)</title></head><body><main>"
                + "<h1>\(self.title)</h1>\(parts.joined(separator: "\n"))</main></body></html>\n"
            return Array(page.utf8)
        case .text:
            return Array("\(self.title)\n\n\(self.sections.joined(separator: "\n\n"))\n".utf8)
        }
    }
}
