/// Access labels as one column: each followed by a line break, in the order given; NULL for none.
///
/// A label holds no control character: who takes labels in has seen to that.
package enum LabelCoding {
    /// As a ``ListingRow`` has them: empty for none.
    package static func text(_ labels: [String]) -> String { labels.map { $0 + "\n" }.joined() }

    static func encode(_ labels: [String]) -> String? {
        labels.isEmpty ? nil : self.text(labels)
    }

    static func decode(_ column: String) -> [String] {
        column.split(separator: "\n").map(String.init)
    }
}
