import Foundation
import Testing

extension CommandTests {
    /// Each stage as a filter over JSON lines.
    @Suite struct StageFilterTests {
        static let repository: String = {
            var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
            for _ in 0..<3 { folder.deleteLastPathComponent() }
            return folder.path
        }()

        private func filter(
            _ stage: String,
            _ lines: [String],
            _ arguments: [String] = []
        ) throws -> [[String: Any]] {
            let result = try Command.run(
                ["stage", stage] + arguments,
                input: lines.joined(separator: "\n")
            )
            #expect(result.exitCode == 0, "\(result.errors)")
            return try result.jsonLines()
        }

        private func line(_ fields: [String: Any]) throws -> String {
            String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
        }

        private func keys(_ value: Any?) -> Set<String> {
            Set((value as? [String: Any])?.keys.map { $0 } ?? [])
        }

        private func slice(_ text: String, _ start: Any?, _ end: Any?) throws -> String {
            let bytes = Array(text.utf8)
            let start = try #require(start as? Int)
            let end = try #require(end as? Int)
            try #require(start >= 0 && start <= end && end <= bytes.count)
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }

        static let documents = [
            "html/backups.html", "html/suisha.html", "html/tahuna.html", "pdf/annual-report.pdf",
            "markdown/tenken.md", "text/lettre-assurance.txt", "text/minutes-2031-03.txt",
        ]

        @Test func extractGivesBlocksOfItsText() throws {
            let answers = try self.filter(
                "extract",
                try Self.documents.map {
                    try self.line(["id": $0, "path": "\(Self.repository)/Samples/documents/\($0)"])
                }
            )
            #expect(answers.map { $0["id"] as? String } == Self.documents)
            for answer in answers {
                #expect(
                    self.keys(answer) == [
                        "id", "title", "text", "markdown", "metadata", "blocks", "warnings",
                    ]
                )
                let text = try #require(answer["text"] as? String)
                let blocks = try #require(answer["blocks"] as? [[String: Any]])
                #expect(!blocks.isEmpty)
                var end = 0
                for block in blocks {
                    #expect(
                        self.keys(block) == [
                            "type", "level", "text", "page", "pageLabel", "box", "start", "end",
                            "origin",
                        ]
                    )
                    let start = try #require(block["start"] as? Int)
                    #expect(start >= end)
                    end = try #require(block["end"] as? Int)
                    #expect(block["text"] as? String == (try self.slice(text, start, end)))
                }
            }
            let pages = (answers[3]["blocks"] as? [[String: Any]])?.compactMap {
                $0["page"] as? Int
            }
            #expect(pages?.first == 1)
            #expect(pages?.last == 3)
        }

        private static let english = "/usr/share/tesseract-ocr/5/tessdata/eng.traineddata"

        @Test(
            .enabled(
                if: FileManager.default.isReadableFile(atPath: english),
                "Tesseract's English is not installed"
            )
        )
        func aConfinedWorkerReadsPictures() throws {
            let path = "\(Self.repository)/Samples/scans/flood-notice.png"
            let answer = try #require(
                try self.filter("extract", [try self.line(["id": "a", "path": path])]).first
            )
            let text = try #require(answer["text"] as? String)
            #expect(text.contains("The mill leat rose by forty centimetres on 3 May."))
            let blocks = try #require(answer["blocks"] as? [[String: Any]])
            #expect(blocks.allSatisfy { $0["origin"] as? String == "ocr" })
        }

        @Test func extractKeepsGoingAfterABadLine() throws {
            let good = "\(Self.repository)/Samples/documents/markdown/tenken.md"
            let bad = "\(Self.repository)/Samples/documents/faulty/broken.txt"
            let answers = try self.filter(
                "extract",
                [
                    "{\"id\":1,\"path\":\"/nowhere/at/all.html\"}", "not json",
                    "{\"id\":2}", "{\"id\":3,\"path\":\"\(bad)\"}", "",
                    "{\"id\":4,\"path\":\"\(good)\"}",
                ]
            )
            try #require(answers.count == 5)
            let codes = answers.map { ($0["error"] as? [String: Any])?["code"] as? String }
            #expect(codes == ["missing", "bad_line", "bad_line", "corrupt", nil])
            #expect(answers.map { $0["id"] as? Int } == [1, nil, 2, 3, 4])
            for answer in answers.dropLast() {
                #expect(self.keys(answer) == ["id", "error"])
                #expect(self.keys(answer["error"]) == ["code", "message"])
            }
        }

        @Test func normaliseGivesText() throws {
            let answers = try self.filter(
                "normalise",
                [try self.line(["id": "a", "text": "e\u{301}te\u{200B}\u{A0}\u{202E}x \n"])]
            )
            #expect(self.keys(answers.first) == ["id", "text"])
            #expect(answers.first?["text"] as? String == "\u{E9}te x")
        }

        @Test func languageGivesCandidatesAndSpans() throws {
            let german =
                "Die alte Wassermühle steht seit zweihundert Jahren am Bach und mahlt noch."
            let answers = try self.filter(
                "language",
                [
                    try self.line(["id": "de", "text": german]),
                    try self.line(["id": "none", "text": "12345"]), "{\"id\":\"bad\"}",
                ]
            )
            try #require(answers.count == 3)
            for answer in answers.prefix(2) {
                #expect(
                    self.keys(answer) == ["id", "language", "confidence", "alternatives", "spans"]
                )
            }
            #expect(answers[0]["language"] as? String == "de")
            #expect(answers[1]["language"] as? String == "und")
            let candidates = try #require(answers[0]["alternatives"] as? [[String: Any]])
            #expect(candidates.allSatisfy { self.keys($0) == ["language", "share", "confidence"] })
            let spans = try #require(answers[0]["spans"] as? [[String: Any]])
            #expect(spans.allSatisfy { self.keys($0) == ["start", "end", "language"] })
            for span in spans { _ = try self.slice(german, span["start"], span["end"]) }
            #expect(self.keys(answers[2]["error"]) == ["code", "message"])
        }

        @Test func redactCountsCodePoints() throws {
            // Beyond the basic plane, combining, and two-unit letters before the address.
            let text = "😀👩‍🔬 e\u{301} Mühle clerk@example.org, +44 20 7946 0958."
            let answers = try self.filter("redact", [try self.line(["id": 7, "text": text])])
            let answer = try #require(answers.first)
            #expect(self.keys(answer) == ["id", "text", "spans"])
            #expect(answer["id"] as? Int == 7)
            let spans = try #require(answer["spans"] as? [[String: Any]])
            let scalars = Array(text.unicodeScalars)
            let found = try spans.map { span -> String in
                #expect(self.keys(span) == ["start", "end", "type", "rule", "score", "action"])
                let start = try #require(span["start"] as? Int)
                let end = try #require(span["end"] as? Int)
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: scalars[start..<end])
                return "\(span["type"] as? String ?? ""): \(String(piece))"
            }
            #expect(found == ["EMAIL: clerk@example.org", "PHONE: +44 20 7946 0958"])
            let redacted = text.replacingOccurrences(of: "clerk@example.org", with: "[EMAIL]")
                .replacingOccurrences(of: "+44 20 7946 0958", with: "[PHONE]")
            #expect(answer["text"] as? String == redacted)
            let emails = try self.filter(
                "redact",
                [try self.line(["id": 7, "text": text])],
                ["--set", "kinds=EMAIL"]
            )
            #expect((emails.first?["spans"] as? [Any])?.count == 1)
        }

        @Test func dedupeAnswersAtTheEndOfItsInput() throws {
            let words = (0..<120).map { "word\($0)" } + ["water", "meadow", "bridges"]
            let lines = [
                ("b", words), ("a", words), ("c", words + ["more"]),
                ("d", (0..<120).map { "other\($0)" }),
            ]
            let answers = try self.filter(
                "dedupe",
                try lines.map {
                    try self.line(["id": $0.0, "text": $0.1.joined(separator: " ")])
                } + ["{\"id\":\"e\"}"]
            )
            #expect(answers.count == 5)
            var kept: [String: Bool] = [:]
            var canonical: [String: String] = [:]
            for answer in answers where answer["error"] == nil {
                #expect(self.keys(answer) == ["id", "kept", "canonical", "similarity", "group"])
                let id = try #require(answer["id"] as? String)
                kept[id] = answer["kept"] as? Bool
                canonical[id] = answer["canonical"] as? String
                #expect((0...1).contains(answer["similarity"] as? Double ?? -1))
            }
            // The one that contains the others stands for them.
            #expect(kept == ["a": false, "b": false, "c": true, "d": true])
            #expect(canonical == ["a": "c", "b": "c", "c": "c", "d": "d"])
        }

        @Test func chunkGivesByteOffsetsIntoItsInput() throws {
            let sections = (0..<6).map { number in
                "## Größe \(number) 😀\n\n" + (0..<30).map { "wört\($0)" }.joined(separator: " ")
            }
            let text = "# Mühle\n\n" + sections.joined(separator: "\n\n")
            for field in ["text", "markdown"] {
                let answers = try self.filter(
                    "chunk",
                    [try self.line(["id": "x", field: text]), "{\"id\":\"y\",\"path\":\"z\"}"],
                    ["--set", "tokenizer=words", "--set", "maximum_tokens=20"]
                )
                try #require(answers.count == 2)
                #expect(self.keys(answers[0]) == ["id", "chunks"])
                let chunks = try #require(answers[0]["chunks"] as? [[String: Any]])
                #expect(chunks.count > 6)
                for (ordinal, chunk) in chunks.enumerated() {
                    #expect(
                        self.keys(chunk) == [
                            "ordinal", "start", "end", "text", "tokens", "headings", "page",
                            "header",
                        ]
                    )
                    #expect(chunk["ordinal"] as? Int == ordinal)
                    #expect((1...20).contains(chunk["tokens"] as? Int ?? 0))
                    let slice = try self.slice(text, chunk["start"], chunk["end"])
                    #expect(chunk["text"] as? String == slice)
                }
                let headings = chunks.last?["headings"] as? [String]
                #expect(headings == ["Mühle", "Größe 5 😀"])
                let error = answers[1]["error"] as? [String: Any]
                #expect(error?["code"] as? String == "bad_line")
            }
        }

        @Test func embedGivesUnitVectors() throws {
            let answers = try self.filter(
                "embed",
                [
                    try self.line(["id": "a", "text": "the mill"]), "{}",
                    try self.line(["id": "b", "text": "the mill"]),
                ],
                ["--set", "model=hash"]
            )
            try #require(answers.count == 3)
            #expect(self.keys(answers[0]) == ["id", "vector", "tokens", "truncated", "warnings"])
            let vector = try #require(answers[0]["vector"] as? [Double])
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
            #expect(answers[0]["tokens"] as? Int == 2)
            #expect(answers[0]["truncated"] as? Bool == false)
            #expect(answers[2]["vector"] as? [Double] == vector)
            #expect((answers[1]["error"] as? [String: Any])?["code"] as? String == "bad_line")
        }

        @Test func configurationComesFromThePipelineAndOverridesWin() throws {
            let corpus = try CommandCorpus()
            let text = (0..<100).map { "w\($0)" }.joined(separator: " ")
            let input = [try self.line(["id": "x", "text": text])]
            func count(_ arguments: [String]) throws -> Int {
                let answer = try self.filter("chunk", input, arguments).first
                return (answer?["chunks"] as? [Any])?.count ?? 0
            }
            #expect(try count(["--pipeline", corpus.pipeline]) == 2)
            let override = ["--set", "maximum_tokens=128"]
            #expect(try count(["--pipeline", corpus.pipeline] + override) == 1)
            for wrong in [["--set", "maximum_tokns=1"], ["--set", "maximum_tokens=1"]] {
                let result = try Command.run(["stage", "chunk"] + wrong, input: input[0])
                #expect(result.exitCode == 2)
                #expect(result.output.isEmpty)
                #expect(result.errors.contains("maximum_tok"))
            }
        }

        @Test func longLinesAndALastLineWithoutEndAreRead() throws {
            let long = String(repeating: "grain ", count: 100_000)
            let answers = try self.filter(
                "normalise",
                [
                    try self.line(["id": 1, "text": long]), try self.line(["id": 2, "text": "x"]),
                ]
            )
            #expect(answers.map { $0["id"] as? Int } == [1, 2])
            #expect((answers.first?["text"] as? String)?.utf8.count == long.utf8.count - 1)
        }
    }
}
