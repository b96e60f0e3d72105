import Foundation
import Operations
import Testing

/// `doctor` tells which documents the model of a pipeline was not made for, once they are known.
@Suite struct DoctorLanguageTests {
    private static let english = """
        The committee met in the morning and decided that the bridge over the river will be closed for
        repairs until the end of the summer, and that the old road is to be used by all who travel north.
        """
    private static let german = """
        Der Ausschuss kam am Vormittag zusammen und hat beschlossen, dass die Brücke über den Fluss bis zum
        Ende des Sommers gesperrt bleibt, weil sie ausgebessert werden muss; alle nehmen die alte Straße.
        """

    /// A model whose folder says that it was made for English.
    private func corpus() throws -> TestCorpus {
        let corpus = try TestCorpus()
        let golden = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Golden/embedding/m-bert")
        let model = corpus.root + "/model"
        try FileManager.default.copyItem(atPath: golden.path, toPath: model)
        let path = model + "/config.json"
        var config = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
                as? [String: Any]
        )
        config["distilled_from"] =
            [
                "name": "teacher", "source": "", "licence": "", "languages": ["en"], "sha256": "",
                "precision": "f32",
            ] as [String: Any]
        try JSONSerialization.data(withJSONObject: config).write(to: URL(filePath: path))
        corpus.pipeline.pdf = false
        corpus.pipeline.detectsLanguage = true
        corpus.pipeline.tail = [
            "embed: { uses: embed, from: chunk, model: \(model) }",
            "index: { uses: index, from: embed }",
        ]
        try corpus.write("a.md", Array("# Bridge\n\n\(Self.english)\n".utf8))
        return corpus
    }

    private func checks(_ corpus: TestCorpus) throws -> [DoctorReport.Check] {
        doctor(pipeline: try corpus.pipelineFile()).checks
            .filter { $0.name.hasPrefix("languages of") }
    }

    @Test func languagesThatTheModelDoesNotReadAreToldWithTheirShare() throws {
        let corpus = try self.corpus()
        #expect(try self.checks(corpus).isEmpty)
        try corpus.run()
        #expect(try self.checks(corpus).isEmpty)
        try corpus.write("b.md", Array("# Brücke\n\n\(Self.german)\n".utf8))
        try corpus.run(.sync)
        let check = try #require(try self.checks(corpus).first)
        #expect(check.isSound && check.isAbsent)
        #expect(check.detail.contains("50 %") && check.detail.contains("de 1"))
    }
}
