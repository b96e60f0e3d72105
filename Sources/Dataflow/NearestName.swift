/// The valid name that was probably meant by `name`, or nil when none is near.
///
/// Near means equal but for case and separators, an abbreviation word by word (`max_token` for
/// `maximum_tokens`), a few edits apart, or a part of it. Ties go to the first in `candidates`.
/// - Complexity: O(candidates × length²); names over 64 bytes are not compared.
func nearestName(to name: String, in candidates: [String]) -> String? {
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
        guard let distance = nameDistance(name, candidate) else { continue }
        if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
    }
    return best?.candidate
}

private let nameByteCountMax = 64

/// Nil when the two names have too little in common to suggest one for the other.
private func nameDistance(_ name: String, _ candidate: String) -> Int? {
    let left = words(name)
    let right = words(candidate)
    let leftBytes = Array(left.joined())
    let rightBytes = Array(right.joined())
    guard !leftBytes.isEmpty, leftBytes.count <= nameByteCountMax,
        rightBytes.count <= nameByteCountMax
    else { return nil }
    if leftBytes == rightBytes { return 0 }
    if isAbbreviation(left, right) { return 1 }
    let distance = editDistance(leftBytes, rightBytes)
    if distance <= max(1, leftBytes.count / 3) { return distance }
    let isPart = leftBytes.count >= 4 && left.allSatisfy { right.contains($0) }
    return isPart ? 2 * nameByteCountMax : nil
}

/// Lower-cased words of a name, cut at `_`, `-`, `/` and space.
private func words(_ name: String) -> [[UInt8]] {
    let separators: [UInt8] = [0x5F, 0x2D, 0x2F, 0x20]
    return name.utf8.split { separators.contains($0) }
        .map { word in word.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
}

private func isAbbreviation(_ left: [[UInt8]], _ right: [[UInt8]]) -> Bool {
    guard left.count == right.count, left.count > 1 else { return false }
    return zip(left, right).allSatisfy { $1.starts(with: $0) || $0.starts(with: $1) }
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn one name into the other.
///
/// - Source: optimal string alignment, Damerau 1964 (doi:10.1145/363958.363994).
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1] + [Int](repeating: 0, count: right.count)
        for column in 0..<right.count {
            let substitution = previous[column] + (left[row] == right[column] ? 0 : 1)
            var cost = min(substitution, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforePrevious[column - 1] + 1)
            }
            current[column + 1] = cost
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
}
