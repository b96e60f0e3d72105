import Dataflow
import Formats
import Records

@testable import Extraction

/// What a container gives out, kept for a test.
struct TakenChildren {
    var content: ExtractedContent
    var children: [ChildDocument] = []

    init(
        _ container: some Container,
        _ bytes: [UInt8],
        limits: ChildLimits = ChildLimits()
    ) throws(ExtractionError) {
        var taken: [ChildDocument] = []
        self.content = try container.content(bytes, budget: ChildBudget(limits, of: bytes.count)) {
            taken.append($0)
            return true
        }
        self.children = taken
    }

    var suffixes: [String] { self.children.map(\.suffix) }

    /// The bytes as text; nil for a child without bytes.
    func text(_ index: Int) -> String? {
        (try? self.children[index].bytes.get()).map { String(decoding: $0, as: UTF8.self) }
    }

    func code(_ index: Int) -> StageFailure.Code? {
        if case .failure(let error) = self.children[index].bytes { return error.code }
        return nil
    }

    func warning(_ code: String) -> Int {
        self.content.warnings.first { $0.code == code }?.count ?? 0
    }
}

func mail(_ text: String, limits: ChildLimits = ChildLimits()) throws -> TakenChildren {
    try TakenChildren(MailOptions(Parameters([:])), Array(text.utf8), limits: limits)
}

func blocks(_ content: ExtractedContent) -> [(kind: Block.Kind, text: String)] {
    zip(content.blocks, content.plainRanges).map {
        ($0.kind, String(decoding: content.text[$1], as: UTF8.self))
    }
}
