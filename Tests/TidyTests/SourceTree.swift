import Foundation

/// The checkout this test was built from, read as text.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File: Sendable {
        /// Relative to the checkout.
        let path: String
        let lines: [String]

        /// The room a source file belongs to.
        var room: String {
            self.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        }
    }

    static func files(under folder: String, extensions: Set<String>) -> [File] {
        let base = self.root.appendingPathComponent(folder)
        guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
        let names = walker.compactMap { $0 as? String }.sorted()
        return names.filter { extensions.contains(($0 as NSString).pathExtension) }
            .compactMap { name in
                let url = base.appendingPathComponent(name)
                guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                return File(path: "\(folder)/\(name)", lines: lines.map(String.init))
            }
    }

    static let sources = files(under: "Sources", extensions: ["swift"])
    static let tests = files(under: "Tests", extensions: ["swift"])
}

/// A line that breaks a rule, as `path:line: text`.
struct Finding: CustomStringConvertible {
    let description: String

    init(_ file: SourceTree.File, line: Int, _ text: String) {
        self.description = "\(file.path):\(line + 1): \(text)"
    }
}

extension [SourceTree.File] {
    /// Every line of code for which `rule` gives a complaint; comments are left out.
    func findings(_ rule: (SourceTree.File, String) -> String?) -> [Finding] {
        self.flatMap { file in
            file.lines.enumerated().compactMap { index, line in
                let code = line.trimmingCharacters(in: .whitespaces)
                guard !code.hasPrefix("//"), let text = rule(file, line) else { return nil }
                return Finding(file, line: index, text)
            }
        }
    }
}
