internal import Bytes

/// Decides which rows are headings and of which level.
struct PDFHeadings {
    private let bodySize: Float
    private let bodyIsBold: Bool
    /// Level by type size in tenths of a point.
    private var levels: [Int: UInt8] = [:]
    /// Outline titles without blanks and case, with their depth.
    private var outline: [[UInt8]: Int] = [:]
    /// The structure tree, where it names headings.
    private let structure: PDFStructure?
    /// What to add to an outline depth to get a level.
    private var depthOffset = 0

    init(_ layout: PDFLayout, outline: [PDFOutlineEntry], structure: PDFStructure?) {
        self.structure = structure.flatMap { namesHeadings($0, layout) ? $0 : nil }
        self.bodySize = layout.body.size
        self.bodyIsBold = layout.body.isBold
        for entry in outline {
            let key = headingKey(entry.title)
            if !key.isEmpty, self.outline[key] == nil { self.outline[key] = entry.depth }
        }
        self.fitLevels(layout)
    }

    /// What the structure tree says of a row: nil when it says nothing.
    func isTaggedHeading(_ row: PDFRow) -> Bool? {
        guard let role = self.structure?.role(row.element) else { return nil }
        if case .heading = role { return true }
        return false
    }

    /// Larger than the body, or bold where the body is not.
    func looksLikeHeading(_ row: PDFRow) -> Bool {
        if row.isFixedPitch { return row.isBold && self.isLarge(row) }
        return self.isLarge(row) || (row.isBold && !self.bodyIsBold && self.isBodySized(row))
    }

    func isLarge(_ row: PDFRow) -> Bool { row.size >= self.bodySize * 1.07 }

    func isBodySized(_ row: PDFRow) -> Bool { row.size >= self.bodySize * 0.97 }

    func outlineDepth(_ text: some Collection<UInt8>) -> Int? {
        self.outline.isEmpty ? nil : self.outline[headingKey(text)]
    }

    func level(_ row: PDFRow, text: some Collection<UInt8>) -> UInt8 {
        if case .heading(let level?) = self.structure?.role(row.element) { return level }
        if let depth = self.outlineDepth(text) {
            return UInt8(min(max(depth + self.depthOffset, 1), 6))
        }
        return self.levels[sizeKey(row.size)] ?? self.nearestLevel(row.size)
    }

    /// One below the smallest heading that has a line of its own.
    var runInLevel: UInt8 { min((self.levels.values.max() ?? 3) + 1, 6) }

    private func nearestLevel(_ size: Float) -> UInt8 {
        let key = sizeKey(size)
        let nearest = self.levels.min {
            (abs($0.key - key), $0.key) < (abs($1.key - key), $1.key)
        }
        return nearest?.value ?? 2
    }

    private mutating func fitLevels(_ layout: PDFLayout) {
        var sizes: Set<Int> = []
        for column in layout.columns {
            for row in column.rows where self.looksLikeHeading(row) {
                guard layout.text[row.text].contains(where: isLetterByte) else { continue }
                sizes.insert(sizeKey(row.size))
            }
        }
        let ordered = mergedSizes(sizes.sorted(by: >))
        let ratios = ordered.map { Float($0[0]) / (10 * self.bodySize) }
        for (index, level) in headingLevels(ratios: ratios).enumerated() {
            for size in ordered[index] { self.levels[size] = level }
        }
        self.fitOutline(layout)
    }

    /// The outline's depths are exact but need not start at level 1: the largest type tells where.
    private mutating func fitOutline(_ layout: PDFLayout) {
        guard !self.outline.isEmpty else { return }
        var largest = (size: 0, depth: Int.max)
        for column in layout.columns {
            for row in column.rows where self.looksLikeHeading(row) {
                let size = sizeKey(row.size)
                guard size >= largest.size, let depth = self.outlineDepth(layout.text[row.text])
                else { continue }
                let depthSoFar = size == largest.size ? largest.depth : Int.max
                largest = (size, min(depth, depthSoFar))
            }
        }
        guard let level = self.levels[largest.size] else { return }
        self.depthOffset = max(Int(level) - largest.depth, 0)
    }
}

/// Whether enough of the rows that look like titles, or any at all, are tagged as headings.
private func namesHeadings(_ structure: PDFStructure, _ layout: PDFLayout) -> Bool {
    var tagged = 0
    var large = 0
    for column in layout.columns {
        for row in column.rows {
            if case .heading = structure.role(row.element) {
                tagged += 1
            } else if row.size >= layout.body.size * 1.2, row.fragments.first?.table == nil,
                row.text.count > 2
            {
                large += 1
            }
        }
    }
    return tagged > 0 && tagged >= large
}

private func sizeKey(_ size: Float) -> Int { Int((size * 10).rounded()) }

/// Letters and digits only, ASCII lowered.
private func headingKey(_ text: some Collection<UInt8>) -> [UInt8] {
    text.compactMap { byte in
        if byte >= 0x80 || byte.isASCIIDigit { return byte }
        return isLetterByte(byte) ? byte | 0x20 : nil
    }
}

/// Groups sizes (descending) that differ by less than 3%.
private func mergedSizes(_ sizes: [Int]) -> [[Int]] {
    var result: [[Int]] = []
    for size in sizes {
        if let first = result.last?.first, Float(size) > 0.97 * Float(first) {
            result[result.count - 1].append(size)
        } else {
            result.append([size])
        }
    }
    return result
}

/// Heading sizes of common typesetters, relative to the body, from level 1 down.
///
/// - Source: LaTeX article.cls at 10, 11 and 12 pt; Typst's heading element; the HTML standard's
///   rendering section (2, 1.5, 1.17, 1, 0.83, 0.67 em); Word's and LibreOffice's defaults.
private let typeScales: [[Float]] = [
    [1.44, 1.2, 1, 1],
    [1.315, 1.096, 1, 1],
    [1.4, 1.2, 1, 1],
    [2, 1.5, 1.17, 1, 0.83, 0.67],
    [1.45, 1.18, 1.09, 1],
    [1.5, 1.33, 1.17, 1],
]

/// Assigns a level to each heading size (descending ratios to the body).
///
/// The scale on which the sizes lie best decides, so a document without a level 1 keeps its
/// sections on level 2. More sizes than any scale has are ranked.
func headingLevels(ratios: [Float]) -> [UInt8] {
    guard !ratios.isEmpty else { return [] }
    var best: (cost: Float, levels: [UInt8])?
    for scale in typeScales where scale.count >= ratios.count {
        let fit = fitted(ratios, on: scale)
        if best.map({ fit.cost < $0.cost - 1e-5 }) ?? true { best = fit }
    }
    return best?.levels ?? ratios.indices.map { UInt8(min($0 + 1, 6)) }
}

/// The cheapest increasing assignment, by dynamic programming over (size, level).
private func fitted(_ ratios: [Float], on scale: [Float]) -> (cost: Float, levels: [UInt8]) {
    let count = ratios.count
    var costs = [[Float]](
        repeating: [Float](repeating: .infinity, count: scale.count),
        count: count
    )
    var origins = [[Int]](repeating: [Int](repeating: -1, count: scale.count), count: count)
    for item in 0..<count {
        for level in 0..<scale.count {
            let own = abs(ratios[item] - scale[level])
            if item == 0 {
                costs[item][level] = own
                continue
            }
            for origin in 0..<level where costs[item - 1][origin] + own < costs[item][level] {
                costs[item][level] = costs[item - 1][origin] + own
                origins[item][level] = origin
            }
        }
    }
    var level = 0
    for candidate in 1..<max(scale.count, 1)
    where costs[count - 1][candidate] < costs[count - 1][level] {
        level = candidate
    }
    let cost = costs[count - 1][level]
    var levels = [UInt8](repeating: 1, count: count)
    for item in stride(from: count - 1, through: 0, by: -1) {
        levels[item] = UInt8(level + 1)
        level = max(origins[item][level], 0)
    }
    return (cost, levels)
}
