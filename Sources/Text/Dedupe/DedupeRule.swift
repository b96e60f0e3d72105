/// What becomes of near-duplicates.
package enum NearPolicy: String, CaseIterable, Sendable {
    /// Removed, but kept in a group where the difference holds a fact.
    case facts
    /// Removed, whatever the difference holds.
    case remove
    /// Kept in a group.
    case group
    /// Not looked for: equal documents alone are duplicates.
    case off
}

/// What makes documents repeat each other, and which is kept then.
package struct DedupeRule: Hashable, Sendable {
    /// Goes up when the same documents and rule may give another decision.
    package static let revision = 2

    package var threshold: Double
    package var near: NearPolicy
    package var prefer: [Preference]
    /// Whether documents of different access labels are compared.
    package var acrossLabels: Bool

    package init(
        threshold: Double,
        near: NearPolicy = .facts,
        prefer: [Preference] = Preference.allCases,
        acrossLabels: Bool = false
    ) {
        self.acrossLabels = acrossLabels
        self.threshold = threshold
        self.near = near
        self.prefer = prefer
    }
}

/// What bounds the work for one document, whatever the others look like.
package struct NearLimits: Hashable, Sendable {
    /// The most groups of a cold band, and the most of a list that others are compared with.
    ///
    /// A choice. A band shared by more comes from boilerplate or from a series; what is alike beyond it
    /// shares other bands too.
    package var bandSize = 64
    /// How many kept documents' texts are read beside one document's, to find out what they differ in.
    ///
    /// A choice: a document that differs from so many in a name alone is one of a series.
    package var readTexts = 64

    package init() {}
}
