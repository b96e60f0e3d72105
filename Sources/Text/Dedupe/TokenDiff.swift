/// A stretch in which two token sequences differ; one side may be empty.
struct TokenHunk: Hashable {
    var left: Range<Int>
    var right: Range<Int>
}

/// Where two sequences differ, by a shortest edit script; nil when it takes over `limit` edits.
///
/// What both begin and end with is set aside first, so that one change in a long text costs one pass.
///
/// - Complexity: O(left + right + limit²) expected, O((left + right) × limit) at worst, and
///   O(limit²) memory.
/// - Source: Myers, An O(ND) Difference Algorithm and Its Variations, 1986: the greedy algorithm.
func tokenHunks(_ left: [UInt64], _ right: [UInt64], limit: Int) -> [TokenHunk]? {
    let shorter = min(left.count, right.count)
    var prefix = 0
    while prefix < shorter, left[prefix] == right[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix,
        left[left.count - 1 - suffix] == right[right.count - 1 - suffix]
    { suffix += 1 }
    let leftRange = prefix..<left.count - suffix
    let rightRange = prefix..<right.count - suffix
    if leftRange.isEmpty, rightRange.isEmpty { return [] }
    if leftRange.isEmpty || rightRange.isEmpty {
        return [TokenHunk(left: leftRange, right: rightRange)]
    }
    var script = EditScript(left[leftRange], right[rightRange])
    return script.hunks(limit: limit)
}

private struct EditScript {
    private let left: ArraySlice<UInt64>
    private let right: ArraySlice<UInt64>
    private let leftCount: Int
    private let rightCount: Int
    /// For each number of edits, how far along `left` each diagonal was reached; -1 where it was not.
    private var rounds: [[Int32]] = []

    init(_ left: ArraySlice<UInt64>, _ right: ArraySlice<UInt64>) {
        self.left = left
        self.right = right
        self.leftCount = left.count
        self.rightCount = right.count
    }

    mutating func hunks(limit: Int) -> [TokenHunk]? {
        let target = self.leftCount - self.rightCount
        for edits in 0...min(limit, self.leftCount + self.rightCount) {
            var round = [Int32](repeating: -1, count: 2 * edits + 1)
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                guard let (start, _) = self.step(edits, diagonal) else { continue }
                let reached = self.slide(from: start, diagonal)
                round[diagonal + edits] = Int32(reached)
                if diagonal == target, reached == self.leftCount { return self.trace(edits) }
            }
            self.rounds.append(round)
        }
        return nil
    }

    /// Where one more edit leads on a diagonal, and whether it drops a token of `left`.
    private func step(_ edits: Int, _ diagonal: Int) -> (place: Int, isDrop: Bool)? {
        guard edits > 0 else { return (0, false) }
        let above = self.reached(edits - 1, diagonal + 1)
        let beside = self.reached(edits - 1, diagonal - 1)
        let drop = beside >= 0 && beside < self.leftCount ? beside + 1 : -1
        let add = above >= 0 && above - diagonal <= self.rightCount ? above : -1
        guard max(drop, add) >= 0 else { return nil }
        return drop >= add ? (drop, true) : (add, false)
    }

    private func reached(_ edits: Int, _ diagonal: Int) -> Int {
        let index = diagonal + edits
        let round = self.rounds[edits]
        return 0..<round.count ~= index ? Int(round[index]) : -1
    }

    private func slide(from start: Int, _ diagonal: Int) -> Int {
        var place = start
        while place < self.leftCount, place - diagonal < self.rightCount,
            self.left[self.left.startIndex + place]
                == self.right[self.right.startIndex + place - diagonal]
        { place += 1 }
        return place
    }

    /// The edits from the end back to the start, joined where nothing equal stands between them.
    private func trace(_ edits: Int) -> [TokenHunk] {
        var hunks: [TokenHunk] = []
        var diagonal = self.leftCount - self.rightCount
        for round in stride(from: edits, to: 0, by: -1) {
            guard let (place, isDrop) = self.step(round, diagonal) else { break }
            let leftEnd = self.left.startIndex + place
            let rightEnd = self.right.startIndex + place - diagonal
            let edit = TokenHunk(
                left: (isDrop ? leftEnd - 1 : leftEnd)..<leftEnd,
                right: (isDrop ? rightEnd : rightEnd - 1)..<rightEnd
            )
            if let last = hunks.last, last.left.lowerBound == edit.left.upperBound,
                last.right.lowerBound == edit.right.upperBound
            {
                hunks[hunks.count - 1] = TokenHunk(
                    left: edit.left.lowerBound..<last.left.upperBound,
                    right: edit.right.lowerBound..<last.right.upperBound
                )
            } else {
                hunks.append(edit)
            }
            diagonal += isDrop ? -1 : 1
        }
        return hunks.reversed()
    }
}
