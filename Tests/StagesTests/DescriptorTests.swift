import Dataflow
import Records
import Stages
import Testing

/// The descriptors are the interface of pipeline files.
@Suite struct DescriptorTests {
    @Test func stageKindsAreNamedOnceInTheOrderOfTheFlow() {
        let names = stageDescriptors.map(\.name)
        #expect(
            names == [
                "extract-html", "extract-pdf", "extract-epub", "extract-docx", "extract-markdown",
                "extract-text", "extract-csv", "extract-json", "extract-xml", "extract-subtitles",
                "extract-markup", "extract-code", "extract-xlsx", "extract-pptx",
                "extract-opendocument", "extract-rtf", "extract-image", "extract-mail",
                "extract-archive", "extract-legacy-office", "normalise", "detect-language",
                "redact-pii", "dedupe", "chunk",
                "embed", "expand", "index", "export-jsonl", "export-npy", "export-parquet",
                "export-pgvector", "export-qdrant", "export-opensearch",
            ]
        )
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: stageDescriptors.map(\.name))
    func defaultsAreValidAndWrittenBackTheyAreTheSame(kind: String) throws {
        let descriptor = try #require(stageDescriptors.first { $0.name == kind })
        let needed = descriptor.parameters.filter { !$0.isOptional && $0.defaultValue == nil }
        // Only what brings an index elsewhere has to be told where.
        #expect(needed.isEmpty == (descriptor.phase != .export))
        var written = Dictionary(uniqueKeysWithValues: needed.map { ($0.name, "/given") })
        let defaults = try stageConfiguration(descriptor: descriptor, overrides: written)
        #expect(Set(defaults.keys) == Set(descriptor.parameters.map(\.name)))
        #expect(!descriptor.summary.isEmpty)
        for parameter in descriptor.parameters {
            #expect(!parameter.summary.isEmpty, "\(parameter.name)")
            guard let value = parameter.defaultValue else { continue }
            written[parameter.name] = text(of: value)
        }
        let again = try stageConfiguration(descriptor: descriptor, overrides: written)
        for (key, value) in defaults {
            #expect(text(of: again[key] ?? .null) == text(of: value), "\(key)")
        }
    }

    @Test func valuesOutsideTheirRangeAreRefused() throws {
        let cases: [(kind: String, key: String, value: String)] = [
            ("chunk", "maximum_tokens", "15"), ("chunk", "maximum_tokens", "8193"),
            ("chunk", "overlap_tokens", "-1"), ("dedupe", "threshold", "0.49"),
            ("dedupe", "threshold", "1.01"), ("detect-language", "minimum_confidence", "2"),
            ("extract-html", "content", "most"), ("extract-html", "maximum_bytes", "0"),
            ("dedupe", "near", "removes"), ("dedupe", "prefer", "uri,age"),
            ("embed", "batch_tokens", "many"), ("index", "vectors", "f8"),
            ("redact-pii", "kinds", "EMAIL,NONSENSE"),
        ]
        for item in cases {
            let error = #expect(throws: PipelineError.self, "\(item)") {
                try node(item.kind, [item.key: item.value])
            }
            #expect(error?.description.contains(item.key) == true, "\(item)")
        }
    }

    @Test func misspeltKeyIsRefusedWithTheNearestOne() {
        let error = #expect(throws: PipelineError.self) {
            try node("chunk", ["maximum_token": "64"])
        }
        #expect(error?.diagnostics.first?.suggestion == "maximum_tokens")
        let order = #expect(throws: PipelineError.self) {
            try node("dedupe", ["prefer": "uri,completness"])
        }
        #expect(order?.diagnostics.first?.suggestion == "completeness")
    }

    @Test func theOrderOfAPreferenceIsKept() throws {
        let order = ["version", "uri", "priority"]
        let made = try node("dedupe", ["prefer": order.joined(separator: ",")])
        #expect(made.configuration["prefer"]?.stringListValue == order)
    }

    @Test func phasesFollowTheFlow() {
        let phases = stageDescriptors.map(\.phase)
        #expect(phases.prefix(23).allSatisfy { $0 == .prepare })
        #expect(phases[23] == .resolve)
        #expect(phases[24..<28].allSatisfy { $0 == .materialise })
        #expect(phases[28...].allSatisfy { $0 == .export })
    }

    private func text(of value: ConfigValue) -> String {
        if let list = value.stringListValue { return list.joined(separator: ",") }
        if let text = value.stringValue { return text }
        if let number = value.intValue { return "\(number)" }
        if let number = value.doubleValue { return "\(number)" }
        if let flag = value.boolValue { return "\(flag)" }
        return ""
    }
}
