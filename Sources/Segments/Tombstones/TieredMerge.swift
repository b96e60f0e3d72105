/// A segment is rewritten with newer ones while it has less than this many times their documents.
private let tierRatio = 4

/// Which segments of a shard to rewrite, together with `newDocumentCount` new documents, into one.
///
/// Those without live documents always, and those with more dead documents than live ones. Then,
/// while there is anything to write, the smallest of the rest as long as it has fewer than four
/// times the live documents gathered so far. The caller takes the segments named out of its list
/// and, when they and the new documents hold any live document, puts the one new segment in; so a
/// segment without live documents is dropped by being named.
///
/// What it keeps true of a shard after any history in which each change is followed by it:
/// - Segments: at most log4(2 × live documents) + 1. Of two segments the older has at least four
///   times the rows of the younger, and at least half of a segment's rows are live.
/// - Documents written: O(log n) for each that is added, O(1) for each that dies. One that is
///   rewritten lands among 1.25 times as many, or the dead it leaves behind pay for it.
/// - The same set for the same counts, whatever the order of `segments`.
///
/// - Precondition: `newDocumentCount` is not negative.
/// - Returns: Indices into `segments`, ascending.
/// - Complexity: O(segments × log segments).
package func segmentsToMerge(
    _ segments: [LiveSegment],
    adding newDocumentCount: Int
) -> [Int] {
    precondition(newDocumentCount >= 0, "documents are counted from 0")
    let isForced = segments.map { $0.documentCount < $0.segment.documentCount - $0.documentCount }
    var merged = segments.indices.filter { isForced[$0] || segments[$0].documentCount == 0 }
    var size = merged.reduce(newDocumentCount) { $0 + segments[$1].documentCount }
    let rest = segments.indices
        .filter { !isForced[$0] && segments[$0].documentCount > 0 }
        .sorted { segments[$0].documentCount < segments[$1].documentCount }
    for index in rest {
        // Divided, as a product might overflow.
        guard segments[index].documentCount / tierRatio < size else { break }
        merged.append(index)
        size += segments[index].documentCount
    }
    return merged.sorted()
}
