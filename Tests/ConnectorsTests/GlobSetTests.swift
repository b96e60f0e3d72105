import Testing

@testable import Connectors

/// Keeps the automaton's tables out of a failure's report.
private func isMatch(_ globs: GlobSet, _ path: String) -> Bool { globs.matches(path.utf8) }

@Suite struct GlobSetTests {
    static let cases: [(pattern: String, matches: [String], others: [String])] = [
        ("**", ["a", "a/b", "a/b/c.d"], [".a", "a/.b", ".a/b"]),
        ("*", ["a", "a.b"], ["a/b", ".a"]),
        ("{*,.a}x", ["bx", ".ax"], [".x"]),
        ("*.html", ["a.html", "a.b.html"], ["a.htm", "d/a.html", ".html", "a.HTML", "a.htmlx"]),
        ("**/*.html", ["a.html", "d/a.html", "d/e/a.html"], ["d/.a.html", ".d/a.html", "a.md"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a", "ab/c"]),
        ("a/", ["a/b", "a/b/c"], ["a"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb", "a/b/c"]),
        ("**/a/**", ["a/b", "x/a/b"], ["a", "x/a", "xa/b"]),
        ("/a", ["a"], ["b/a"]),
        ("./a", ["a"], ["b/a"]),
        ("a**b", ["ab", "axb"], ["a/b"]),
        ("**a", ["a", "xa"], ["x/a"]),
        ("?", ["a", "é", "語"], ["", "ab", "éa", ".", "/"]),
        ("a?c", ["abc", "aéc"], ["ac", "a/c", "abbc"]),
        ("[abc]x", ["ax", "bx"], ["x", "dx", "abx"]),
        ("[a-c0-9]", ["b", "7"], ["d", "-"]),
        ("[!a-c]", ["d", "é"], ["a", "/", ".", ""]),
        ("[^a]", ["b"], ["a"]),
        ("[]]", ["]"], ["["]),
        ("[!]]", ["["], ["]"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("x[+-9]y", ["x.y"], ["x/y"]),
        ("{a,b}.md", ["a.md", "b.md"], ["c.md", "ab.md", "{a,b}.md"]),
        ("*.{md,markdown}", ["x.md", "x.markdown"], ["x.m", "x.mdmarkdown"]),
        ("{a,b{c,d}}", ["a", "bc", "bd"], ["b", "ad"]),
        ("{,a}b", ["b", "ab"], ["a"]),
        ("{**/x,y}", ["x", "a/x", "y"], ["a/y"]),
        (".*", [".a"], ["a"]),
        (".git/**", [".git/a"], [".git/.a", "git/a"]),
        ("**/.well-known/*", [".well-known/a", "x/.well-known/a"], [".x/.well-known/a"]),
        ("a,b", ["a,b"], ["a", "b"]),
        ("a\\*", ["a*"], ["ab"]),
        ("\\{a\\}", ["{a}"], ["a"]),
        ("a b/ü*.txt", ["a b/über.txt"], ["a b/uber.txt"]),
    ]

    @Test(arguments: cases) func globMatchesWholePaths(
        pattern: String,
        matches: [String],
        others: [String]
    ) throws {
        let globs = try GlobSet([pattern], wildcardsMatchDots: false)
        for path in matches { #expect(isMatch(globs, path), "\(pattern) \(path)") }
        for path in others { #expect(!isMatch(globs, path), "\(pattern) \(path)") }
    }

    @Test func wildcardsMatchDotsWhenAsked() throws {
        let globs = try GlobSet(["**/*.md"], wildcardsMatchDots: true)
        #expect(globs.matches(".git/.x.md".utf8))
    }

    @Test func setMatchesWhenAnyPatternDoes() throws {
        let globs = try GlobSet(["a/*", "**/*.md", "x"], wildcardsMatchDots: false)
        #expect(
            globs.matches("a/b".utf8) && globs.matches("q/r.md".utf8) && globs.matches("x".utf8)
        )
        #expect(!globs.matches("q/r".utf8) && !globs.matches("xx".utf8))
        let none = try GlobSet([], wildcardsMatchDots: true)
        #expect(!none.matches("a".utf8) && !none.start.canContinue)
    }

    @Test func bytesThatAreNotUTF8AreMatchedByStars() throws {
        let globs = try GlobSet(["*.txt"], wildcardsMatchDots: false)
        #expect(globs.matches([0xFF, 0x80, 0x2E, 0x74, 0x78, 0x74]))
    }

    static let malformed: [(pattern: String, message: String)] = [
        ("", "the pattern is empty"),
        ("/", "the pattern is empty"),
        ("{a", "'{' without '}'"),
        ("a}", "'}' without '{'"),
        ("[a", "'[' without ']'"),
        ("[]", "'[' without ']'"),
        ("[z-a]", "a range in '[' runs backwards"),
        ("[é]", "'[' takes ASCII only; write {é,è} for other characters"),
        ("a\\", "'\\' at the end"),
        ("a\0", "the pattern has a zero byte"),
        (String(repeating: "{", count: 100), "too many nested '{'"),
        (String(repeating: "a", count: 1025), "the pattern has more than 1024 bytes"),
    ]

    @Test(arguments: malformed) func malformedGlobIsNamed(pattern: String, message: String) {
        #expect(throws: GlobError(message: message)) {
            try GlobSet([pattern], wildcardsMatchDots: false)
        }
    }

    /// Patterns that take a backtracking matcher longer than the universe has.
    static let hostile = [
        String(repeating: "a*", count: 400) + "b",
        String(repeating: "*", count: 1000) + "b",
        String(repeating: "**/", count: 300) + "b",
        String(repeating: "{a,a}", count: 200) + "b",
        String(repeating: "{a,{a,a*}}", count: 90) + "b",
        String(repeating: "?*", count: 400) + "b",
    ]

    @Test(arguments: hostile)
    func hostilePatternTakesLinearTime(pattern: String) throws {
        let globs = try GlobSet([pattern], wildcardsMatchDots: false)
        #expect(!globs.matches(String(repeating: "a", count: 600).utf8))
        #expect(!globs.matches(String(repeating: "a/", count: 300).utf8))
    }

    @Test func patternsTogetherAreBounded() {
        let patterns = (0..<5).map { "\($0)" + String(repeating: "x", count: 1000) }
        #expect(throws: GlobError(message: "the patterns are too long together")) {
            try GlobSet(patterns, wildcardsMatchDots: false)
        }
    }

    /// The definition by backtracking, for patterns of letters, `/`, `*`, `?` and whole `**`.
    private func slowMatches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        let (star, slash) = (UInt8(ascii: "*"), UInt8(ascii: "/"))
        guard let first = pattern.first else { return path.isEmpty }
        if pattern.starts(with: "**/".utf8) {
            let rest = pattern.dropFirst(3)
            if self.slowMatches(rest, path) { return true }
            guard let cut = path.firstIndex(of: slash) else { return false }
            return self.slowMatches(pattern, path[(cut + 1)...])
        }
        if pattern.elementsEqual("**".utf8) { return !path.isEmpty }
        if first == star {
            if self.slowMatches(pattern.dropFirst(), path) { return true }
            guard let byte = path.first, byte != slash else { return false }
            return self.slowMatches(pattern, path.dropFirst())
        }
        guard let byte = path.first, first == byte || (first == UInt8(ascii: "?") && byte != slash)
        else { return false }
        return self.slowMatches(pattern.dropFirst(), path.dropFirst())
    }

    @Test func automatonAgreesWithBacktracking() throws {
        let parts = ["a", "*", "?", "**/", "/", "b*", "a/**"]
        var patterns = parts
        for left in parts { for right in parts { patterns.append(left + right) } }
        for left in parts { for middle in parts { patterns.append(left + middle + "/**/b") } }
        let names = ["a", "b", "ab", "ba", "aab"]
        var paths = names
        for left in names {
            for right in names {
                paths.append("\(left)/\(right)")
                paths.append("\(left)/a/\(right)")
            }
        }
        var matchCount = 0
        for pattern in patterns {
            // The reference knows `**` only as a whole component, and only clean paths.
            let stars = pattern.split(separator: "/").filter { $0.contains("**") }
            guard stars.allSatisfy({ $0 == "**" }), !pattern.hasPrefix("/"),
                !pattern.hasSuffix("/"), !pattern.contains("//")
            else { continue }
            let globs = try GlobSet([pattern], wildcardsMatchDots: true)
            for path in paths {
                let expected = self.slowMatches(Array(pattern.utf8)[...], Array(path.utf8)[...])
                #expect(isMatch(globs, path) == expected, "\(pattern) \(path)")
                matchCount += expected ? 1 : 0
            }
        }
        #expect(matchCount > 100)
    }

    @Test func stateTellsWhatCanFollow() throws {
        let globs = try GlobSet(["a/*.md", "b/**", ".c/x"], wildcardsMatchDots: false)
        func state(_ path: String) -> GlobSet.State { globs.advance(globs.start, by: path.utf8) }
        #expect(state("a/").canContinue && !state("x/").canContinue && state(".c/").canContinue)
        #expect(globs.matchesAllBelow(state("b/")) && globs.matchesAllBelow(state("b/c/")))
        #expect(!globs.matchesAllBelow(state("a/")) && !globs.matchesAllBelow(state("b")))
    }
}
