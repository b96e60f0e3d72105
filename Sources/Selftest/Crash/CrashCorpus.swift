internal import Foundation

/// Three states of one folder of documents, by seed: `before`, `after` a day of changes, and `later`.
///
/// A document that does not change is one file with three names, so that its time and inode say so.
struct CrashCorpus {
    enum State: String, CaseIterable {
        case before
        case after
        case later
    }

    let root: String
    private let seed: UInt64

    /// Writes the documents below `root`.
    init(root: String, seed: UInt64) throws {
        self.root = root
        self.seed = seed
        for state in State.allCases {
            try FileManager.default.createDirectory(
                atPath: self.folder(state),
                withIntermediateDirectories: true
            )
        }
        try self.writeBefore()
        try self.changeAfter()
        try self.changeLater()
    }

    func folder(_ state: State) -> String { "\(self.root)/\(state.rawValue)" }

    /// Words that some documents have, for a reader to search.
    let queries = ["harbour lantern", "copper", "a document about winter granite"]

    private func writeBefore() throws {
        for number in 0..<10 {
            try self.write(self.text(number), to: self.name(number), in: .before)
        }
        // A copy in another format, and one that is nearly a copy.
        try self.write(self.text(0), to: "copy.html", in: .before)
        try self.write(self.text(1) + " One more sentence.", to: "near.txt", in: .before)
        try self.write(self.messages(20..<23), to: "box.mbox", in: .before)
    }

    /// An edit, a renaming, a touch, the deletion of an original and of a single, and additions.
    private func changeAfter() throws {
        try self.link(
            from: .before,
            to: .after,
            except: [0, 2, 3, 4, 5].map(self.name) + ["box.mbox"]
        )
        try self.write(self.text(2) + self.text(102), to: self.name(2), in: .after)
        try FileManager.default.linkItem(
            atPath: self.path(self.name(3), in: .before),
            toPath: self.path("renamed.md", in: .after)
        )
        try self.write(self.text(4), to: self.name(4), in: .after)
        // Of the messages one goes, one stays and one comes.
        try self.write(self.messages(21..<24), to: "box.mbox", in: .after)
        for number in 10..<13 {
            try self.write(self.text(number), to: self.name(number), in: .after)
        }
    }

    private func changeLater() throws {
        try self.link(from: .after, to: .later, except: [6, 10].map(self.name))
        try self.write(self.text(106), to: self.name(6), in: .later)
        try self.write(self.text(13), to: self.name(13), in: .later)
    }

    private func link(from: State, to target: State, except: [String]) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: self.folder(from)).sorted()
        for name in names where !except.contains(name) {
            try FileManager.default.linkItem(
                atPath: self.path(name, in: from),
                toPath: self.path(name, in: target)
            )
        }
    }

    private func name(_ number: Int) -> String {
        "document-\(number).\(["md", "html", "txt"][number % 3])"
    }

    private func path(_ name: String, in state: State) -> String { "\(self.folder(state))/\(name)" }

    private func write(_ text: String, to name: String, in state: State) throws {
        let document =
            name.hasSuffix(".html")
            ? "<!doctype html><html><head><title>A title</title></head><body><main><p>\(text)</p>"
                + "<p>\(Self.closing)</p></main></body></html>\n" : text + "\n"
        try Data(document.utf8).write(to: URL(filePath: self.path(name, in: state)))
    }

    private func messages(_ numbers: Range<Int>) -> String {
        numbers.map {
            "From a Mon Jan  1 00:00:00 2024\nSubject: Message \($0)\n\n\(self.text($0))\n"
        }.joined(separator: "\n")
    }

    /// Some eighty words and an address to redact.
    private func text(_ number: Int) -> String {
        var state = self.seed &* 1_000_003 &+ UInt64(number)
        let words = (0..<80).map { _ in Self.words[Int(next(&state) % UInt64(Self.words.count))] }
        return "Write to person\(number)@example.org. " + words.joined(separator: " ") + "."
    }

    /// All pages end with it, so that it is left out.
    private static let closing = "Readers of this house receive its letter on every Monday of May."

    private static let words = """
        harbour lantern copper winter granite meadow signal river carriage window orchard paper \
        thunder valley engine morning silver bridge garden letter market number forest planet \
        station travel wonder yellow basket candle dragon feather gather hollow island jacket \
        kettle ladder mirror needle
        """.split(separator: " ").map(String.init)
}

/// SplitMix64.
private func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}

/// A pipeline with every kind of stage and no model file.
///
/// - Parameter flow: What stands between the sources and the indexes is the same for every state.
func crashPipeline(documents: String, workspace: String) -> String {
    """
    version: 1
    name: selftest
    workspace: \(workspace)
    shards: 2
    sources:
      documents:
        type: folder
        path: \(documents)
    stages:
      html: { uses: extract-html, from: documents, boilerplate: host }
      markdown: { uses: extract-markdown, from: documents }
      text: { uses: extract-text, from: documents }
      mail: { uses: extract-mail, from: documents }
      normalise: { uses: normalise, from: [html, markdown, text, mail] }
      language: { uses: detect-language, from: normalise }
      redact: { uses: redact-pii, from: language }
      dedupe: { uses: dedupe, from: redact }
      chunk: { uses: chunk, from: dedupe, maximum_tokens: 64, tokenizer: words }
      embed: { uses: embed, from: chunk, model: hash }
      index: { uses: index, from: embed }

    """
}
