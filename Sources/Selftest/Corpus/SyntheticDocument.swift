internal import Foundation

/// A made-up document: a title and sections of words, written in any of the formats.
///
/// The same value always gives the same bytes.
package struct SyntheticDocument: Hashable, Sendable {
    package enum Format: String, CaseIterable, Hashable, Sendable {
        case html
        case markdown = "md"
        case text = "txt"
        case pdf
        /// A message a section.
        case mailbox = "mbox"
        /// A Markdown file a section.
        case archive = "tar"

        /// Whether its sections are documents of their own.
        package var isContainer: Bool { self == .mailbox || self == .archive }
    }

    package struct Section: Hashable, Sendable {
        var heading: String
        var words: [String]
        /// Whole sentences put after the words, such as those with planted personal data.
        var sentences: [String] = []
    }

    package var language: CorpusLanguage
    package var title: String
    package var sections: [Section]
    /// Changes HTML and Markdown sources without changing what a reader sees.
    package var invisibleRevision = 0
    /// The host its HTML form names as its own, whose pages share what stands at the end; nil for none.
    package var host: Int?
    /// The day of January 2024 on which its HTML form says that it was modified; nil when it says nothing.
    package var modifiedDay: Int?

    /// A document of `sections` sections of about `words` words.
    package init(
        language: CorpusLanguage,
        number: Int,
        sections count: Int,
        words: Int = 40,
        random: inout SeededRandom
    ) {
        self.language = language
        let subject = Self.words(language, count: 2, &random)
        self.title = subject.joined(separator: language.wordSeparator) + " \(number)"
        self.sections = (0..<count).map { _ in
            let heading = Self.words(language, count: 3, &random)
            return Section(
                heading: heading.joined(separator: language.wordSeparator),
                words: Self.words(language, count: words, &random)
            )
        }
    }

    /// Words of the language, every seventh with a number so that texts differ.
    static func words(
        _ language: CorpusLanguage,
        count: Int,
        _ random: inout SeededRandom
    ) -> [String] {
        let words = language.words
        return (0..<count).map { place in
            let word = random.pick(words)
            return place % 7 == 3 ? word + String(random.below(90) + 10) : word
        }
    }

    /// Replaces `count` words in one section.
    package mutating func edit(words count: Int, random: inout SeededRandom) {
        guard !self.sections.isEmpty else { return }
        let section = random.below(self.sections.count)
        for _ in 0..<count where !self.sections[section].words.isEmpty {
            let place = random.below(self.sections[section].words.count)
            self.sections[section].words[place] =
                random.pick(self.language.words) + String(random.below(9_000) + 1_000)
        }
    }

    /// Replaces `count` words in one section by words without numbers.
    mutating func reword(words count: Int, random: inout SeededRandom) {
        guard !self.sections.isEmpty else { return }
        let section = random.below(self.sections.count)
        for _ in 0..<count where !self.sections[section].words.isEmpty {
            let place = random.below(self.sections[section].words.count)
            self.sections[section].words[place] = random.pick(self.language.words)
        }
    }

    /// Leaves out the last `count` words of one section.
    mutating func cut(words count: Int, random: inout SeededRandom) {
        guard !self.sections.isEmpty else { return }
        let section = random.below(self.sections.count)
        let rest = self.sections[section].words.count - count
        if rest >= 5 { self.sections[section].words.removeLast(count) }
    }

    /// - Precondition: a PDF's words are those of a language in Latin letters.
    package func bytes(_ format: Format) -> [UInt8] {
        switch format {
        case .html: Array(self.html.utf8)
        case .markdown: Array(self.markdown.utf8)
        case .text: Array(self.text.utf8)
        case .pdf: self.pdf
        case .mailbox: Array(self.mailbox.utf8)
        case .archive: self.archive
        }
    }
}

extension SyntheticDocument.Section {
    fileprivate func paragraph(_ language: CorpusLanguage) -> String {
        let sentences = stride(from: 0, to: self.words.count, by: 12).map { start in
            self.words[start..<min(start + 12, self.words.count)]
                .joined(separator: language.wordSeparator) + language.sentenceEnd
        }
        return (sentences + self.sentences).joined(separator: " ")
    }
}

extension SyntheticDocument {
    private var html: String {
        let sections = self.sections.map { section in
            "<section class=\"s\(self.invisibleRevision)\"><h2>\(escaped(section.heading))</h2>\n"
                + "<p>\(escaped(section.paragraph(self.language)))</p></section>"
        }
        return """
            <!doctype html>
            <html lang="\(self.language.rawValue)"><head><meta charset="utf-8">
            <title>\(escaped(self.title))</title>
            <style>.s\(self.invisibleRevision) { margin: 0 }</style>\(self.canonicalLink)\(self.modifiedMark)</head>
            <body><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/about">About</a></nav>
            <!-- revision \(self.invisibleRevision) -->
            <main><article><h1>\(escaped(self.title))</h1>
            \(sections.joined(separator: "\n"))\(self.hostClosing)
            </article></main>
            <footer><a href="/terms">Terms</a> <a href="/privacy">Privacy</a></footer></body></html>

            """
    }

    private var canonicalLink: String {
        self.host.map { "<link rel=\"canonical\" href=\"https://www.host\($0).example/page\">" }
            ?? ""
    }

    private var modifiedMark: String {
        self.modifiedDay.map {
            "<meta property=\"article:modified_time\" content=\"2024-01-\($0 < 10 ? "0" : "")\($0)\">"
        } ?? ""
    }

    private var hostClosing: String {
        self.host.map {
            "\n<h2>Letter</h2><p>Every reader of host \($0) is welcome to ask for our letter of the "
                + "month, which comes with news from the mill and the river.</p>"
        } ?? ""
    }

    private var markdown: String {
        let sections = self.sections.map {
            "## \($0.heading)\n\n\($0.paragraph(self.language))\n"
        }
        let mark =
            self.invisibleRevision == 0 ? "" : "<!-- revision \(self.invisibleRevision) -->\n\n"
        return "# \(self.title)\n\n\(mark)\(sections.joined(separator: "\n"))"
    }

    private var text: String {
        let sections = self.sections.map { "\($0.heading)\n\n\($0.paragraph(self.language))\n" }
        return "\(self.title)\n\n\(sections.joined(separator: "\n"))"
    }

    private var mailbox: String {
        self.sections.enumerated().map { index, section in
            let body = Data(section.paragraph(self.language).utf8).base64EncodedString()
            return """
                From mill@example.org Mon Jan  1 00:00:00 2024
                From: The mill <mill@example.org>
                Subject: \(self.title), \(section.heading)
                Date: Mon, 1 Jan 2024 00:00:0\(index % 10) +0000
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: base64
                X-Revision: \(self.invisibleRevision)

                \(body)


                """
        }.joined()
    }

    private var archive: [UInt8] {
        self.sections.enumerated().flatMap { index, section in
            let text =
                "# \(self.title), \(section.heading)\n\n\(section.paragraph(self.language))\n"
            return tarMember("\(index).md", Array(text.utf8), time: self.invisibleRevision)
        } + Array(repeating: 0, count: 1_024)
    }

    private var pdf: [UInt8] {
        var lines = [HandwrittenPDF.Line(self.title, size: 18)]
        for section in self.sections {
            lines.append(.init(section.heading, size: 14, gap: 14))
            lines += wrapped(section.paragraph(self.language), width: 88).enumerated().map {
                .init($1, size: 10, gap: $0 == 0 ? 8 : 0)
            }
        }
        return HandwrittenPDF(lines: lines, revision: self.invisibleRevision).bytes()
    }
}

/// A file in a tar archive (POSIX.1-1988).
private func tarMember(_ name: String, _ bytes: [UInt8], time: Int) -> [UInt8] {
    func octal(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = String(value, radix: 8)
        return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8) + [0]
    }
    var head = Array(name.utf8) + Array(repeating: 0, count: 100 - name.utf8.count)
    head += octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.count, 12) + octal(time, 12)
    head += Array("        0".utf8) + Array(repeating: 0, count: 100) + Array("ustar\u{0}00".utf8)
    head += Array(repeating: 0, count: 512 - head.count)
    head.replaceSubrange(148..<155, with: octal(head.reduce(0) { $0 + Int($1) }, 7))
    return head + bytes + Array(repeating: 0, count: (512 - bytes.count % 512) % 512)
}

private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
}

/// Lines of at most `width` bytes, broken at spaces.
private func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, line.utf8.count + word.utf8.count >= width {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " \(word)"
    }
    return line.isEmpty ? lines : lines + [line]
}
