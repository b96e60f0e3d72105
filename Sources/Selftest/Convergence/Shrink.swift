/// The shortest list that was found of which `stillFails` holds: parts are left out, large ones first.
///
/// - Parameter limit: how often `stillFails` may be asked.
/// - Source: Zeller, Hildebrandt, "Simplifying and isolating failure-inducing input", 2002.
func shrink<Element>(
    _ elements: [Element],
    limit: Int,
    stillFails: ([Element]) -> Bool
) -> [Element] {
    var best = elements
    var asked = 0
    var part = max(1, best.count / 2)
    while asked < limit, best.count > 1 {
        var start = 0
        var hasShrunk = false
        while start < best.count, asked < limit {
            var candidate = best
            candidate.removeSubrange(start..<min(start + part, best.count))
            asked += 1
            if !candidate.isEmpty, stillFails(candidate) {
                best = candidate
                hasShrunk = true
            } else {
                start += part
            }
        }
        if part == 1, !hasShrunk { break }
        part = max(1, part / 2)
    }
    return best
}
