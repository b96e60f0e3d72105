/// One thing wrong with a pipeline file: where, what, and the name that was probably meant.
///
/// Prints as `demo.yml:12:7: unknown stage kind 'embd' in stage 'embed'; did you mean 'embed'?`.
package struct Diagnostic: Hashable, Sendable {
    /// The file as the caller named it, or the override (`--set chunk.maximum_tokens`).
    package var file: String
    /// 1-based; 0 where the place is not in a file.
    package var line: Int
    /// 1-based, in Unicode scalars; 0 where the place is not in a file.
    package var column: Int
    package var message: String
    /// The nearest valid name.
    package var suggestion: String?

    package init(
        file: String,
        line: Int,
        column: Int,
        message: String,
        suggestion: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.suggestion = suggestion
    }
}

extension Diagnostic: CustomStringConvertible {
    package var description: String {
        let place = self.line > 0 ? "\(self.file):\(self.line):\(self.column)" : self.file
        let hint = self.suggestion.map { "; did you mean '\($0)'?" } ?? ""
        return "\(place): \(self.message)\(hint)"
    }
}

extension Diagnostic: Comparable {
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        (left.line, left.column, left.file, left.message, left.suggestion ?? "")
            < (right.line, right.column, right.file, right.message, right.suggestion ?? "")
    }
}

/// Why a pipeline is refused: everything found wrong in one reading, sorted by place.
package struct PipelineError: Error, Hashable, Sendable, CustomStringConvertible {
    package let diagnostics: [Diagnostic]

    package init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// One diagnostic a line.
    package var description: String {
        self.diagnostics.map(\.description).joined(separator: "\n")
    }
}

/// A position in a pipeline file, or an override on the command line.
struct Place: Hashable, Sendable {
    var file: String
    var line: Int
    var column: Int

    /// An override is named by its key only: its value may be a secret.
    static func override(_ key: String) -> Place {
        Place(file: "--set \(key)", line: 0, column: 0)
    }
}

/// Collects diagnostics, so that one reading of a file reports as much as it can.
struct Findings {
    /// Enough for an operator to start with; more would scroll the first ones away.
    static let diagnosticLimit = 100

    private var diagnostics: Set<Diagnostic> = []

    var isEmpty: Bool { self.diagnostics.isEmpty }

    mutating func add(_ place: Place, _ message: String, suggestion: String? = nil) {
        self.diagnostics.insert(
            Diagnostic(
                file: place.file,
                line: place.line,
                column: place.column,
                message: message,
                suggestion: suggestion
            )
        )
    }

    /// Says that `name` is not one of `candidates`: with the nearest, or with all of them.
    mutating func addUnknown(
        _ place: Place,
        _ message: String,
        name: String,
        candidates: [String],
        listedAs noun: String
    ) {
        if let nearest = nearestName(to: name, in: candidates) {
            self.add(place, message, suggestion: nearest)
        } else if candidates.isEmpty {
            self.add(place, message)
        } else {
            self.add(place, "\(message); \(noun): \(candidates.sorted().joined(separator: ", "))")
        }
    }

    var error: PipelineError {
        PipelineError(diagnostics: Array(self.diagnostics.sorted().prefix(Self.diagnosticLimit)))
    }

    func throwIfAny() throws(PipelineError) {
        if !self.isEmpty { throw self.error }
    }
}
