import Dataflow
import Foundation
import Records
import Testing

@testable import Stages

@Suite struct LanguageStageTests {
    private static let german = "Alle Menschen sind frei und gleich an Würde und Rechten geboren."
    private static let code = "for (int i = 0; i < n; ++i) { t[i] = f(t[i] ^ 0xFF); g(&t[i]); }"

    private func stageNode(_ configuration: [String: ConfigValue]) -> PlanNode {
        PlanNode(
            id: "language",
            uses: languageDescriptor.name,
            phase: .prepare,
            inputs: [],
            mediaTypes: [],
            configuration: configuration
        )
    }

    private func list(_ languages: String...) -> ConfigValue {
        .list(languages.map(ConfigValue.string))
    }

    private func process(
        _ text: String,
        declared: String? = nil,
        _ configuration: [String: ConfigValue]
    ) throws -> Document {
        var document = Document(
            id: DocumentID(high: 0, low: 1),
            uri: "file:///a.txt",
            mediaType: .plain
        )
        document.text = Array(text.utf8)
        document.metadata["language"] = declared
        try DetectLanguage(self.stageNode(configuration)).process(&document)
        return document
    }

    private func failure(
        _ text: String,
        _ configuration: [String: ConfigValue]
    ) -> StageFailure.Code? {
        do {
            _ = try self.process(text, configuration)
            return nil
        } catch {
            return (error as? StageError)?.code
        }
    }

    @Test func eachLanguageIsKeptDroppedOrQuarantined() {
        #expect(self.failure(Self.german, [:]) == nil)
        #expect(self.failure(Self.german, ["drop": self.list("de", "fr")]) == .excluded)
        #expect(self.failure(Self.german, ["allow": self.list("en")]) == .excluded)
        #expect(self.failure(Self.german, ["allow": self.list("en", "de")]) == nil)
        #expect(self.failure(Self.german, ["quarantine": self.list("de")]) == .quarantined)
        #expect(
            self.failure(Self.german, ["quarantine": self.list("de"), "drop": self.list("de")])
                == .quarantined
        )
        #expect(self.failure(Self.code, ["quarantine": self.list("zxx")]) == .quarantined)
        #expect(self.failure(Self.code, ["drop": self.list("de")]) == nil)
    }

    @Test func whatIsSurelyInNoOtherLanguageIsKeptUnlessAsked() {
        let allow: [String: ConfigValue] = ["allow": self.list("en")]
        let ports = "| port | name |\n|---|---|\n| 8443 | api |\n| 9090 | metrics |\n"
        for text in [Self.code, ports, "0x7f 0x1b 12:30", "Wang"] {
            #expect(self.failure(text, allow) == nil, "\(text)")
            let strict = allow.merging(["unsure": .string("exclude")]) { $1 }
            if (try? self.process(text, [:]).language?.language) != "en" {
                #expect(self.failure(text, strict) == .excluded, "\(text)")
            }
        }
        #expect(self.failure(Self.code, ["drop": self.list("zxx")]) == .excluded)
        #expect(self.failure("12 34", ["drop": self.list("und")]) == .excluded)
        let never: [String: ConfigValue] = ["sure_confidence": .double(1)]
        #expect(self.failure(Self.german, allow.merging(never) { $1 }) == nil)
        #expect(
            self.failure(Self.german, ["drop": self.list("de")].merging(never) { $1 }) == nil
        )
    }

    @Test(arguments: [("de", false), ("de-AT", false), ("fr", true), ("", false)])
    func anotherDeclaredLanguageIsRecorded(_ declared: String, _ disagrees: Bool) throws {
        let document = try self.process(Self.german, declared: declared, [:])
        #expect(document.language?.language == "de")
        #expect(document.warnings.contains { $0.code == "language_disagrees" } == disagrees)
    }

    @Test func anUnusableFastTextModelIsNamed() throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).ftz"
        let node = self.stageNode(["fasttext_model": .string(path)])
        #expect {
            try DetectLanguage(node)
        } throws: {
            "\($0)".contains(path) && "\($0)".contains("cannot be read")
        }
        try Data("no model at all".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect {
            try DetectLanguage(node)
        } throws: {
            "\($0)".contains(path) && "\($0)".contains("no fastText model")
        }
    }
}
