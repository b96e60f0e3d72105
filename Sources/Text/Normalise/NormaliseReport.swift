/// What normalisation changed, in occurrences.
package struct NormaliseReport: Hashable, Sendable {
    /// Ill-formed UTF-8 subsequences, each replaced by U+FFFD.
    package var invalidBytes = 0
    /// C0 and C1 controls removed.
    package var controls = 0
    /// Bidirectional marks, embeddings, overrides and isolates removed.
    package var bidiControls = 0
    /// Zero-width, tag, filler and other invisible code points removed.
    package var invisibles = 0
    /// Unicode spaces replaced by U+0020.
    package var spaces = 0
    /// Whether canonical composition ran and changed bytes.
    package var composed = false

    package init() {}
}
