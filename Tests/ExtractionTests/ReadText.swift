import Records

@testable import Extraction

extension ExtractedContent {
    var markdownText: String { String(decoding: self.markdown, as: UTF8.self) }
    var plainText: String { String(decoding: self.text, as: UTF8.self) }
    var kinds: [Block.Kind] { self.blocks.map(\.kind) }

    func count(of warning: String) -> Int { self.warnings.first { $0.code == warning }?.count ?? 0 }
}

/// The code a document is refused with; nil where it is read.
func refusal(_ body: () throws -> Void) -> StageFailure.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? ExtractionError)?.code
    }
}
