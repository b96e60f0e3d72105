internal import Records

/// Neighbouring sections that are cut together: one chunk when they fit the budget.
struct SectionGroup {
    var tokens: Range<Int>
    /// The section whose headings describe the group.
    var section: Int
    /// Sections may join while they lie under this one.
    var parent: Int
}

/// The headings of a document as a tree of sections, in reading order.
///
/// Section 0 is the document itself with what stands before its first heading.
struct SectionTree {
    struct Section {
        var tokens: Range<Int>
        let parent: Int
        /// The index of the heading's block; nil for the document.
        let heading: Int?
        let level: UInt8
        /// Holds no tokens but its heading's.
        var isBare = false
    }

    private(set) var sections: [Section]

    init(_ layout: ChunkLayout) {
        let tokenCount = layout.strengths.count
        self.sections = [Section(tokens: 0..<tokenCount, parent: 0, heading: nil, level: 0)]
        for (index, block) in layout.blocks.enumerated() where block.kind == .heading {
            let first = block.tokens.lowerBound
            guard layout.strengths[first] >= .word else { continue }
            let last = self.sections.count - 1
            self.close(last, at: first, layout.blocks)
            var parent = last
            while self.sections[parent].level >= block.level {
                parent = self.sections[parent].parent
            }
            self.sections.append(
                Section(
                    tokens: first..<tokenCount,
                    parent: parent,
                    heading: index,
                    level: block.level
                )
            )
        }
        self.close(self.sections.count - 1, at: tokenCount, layout.blocks)
    }

    private mutating func close(_ section: Int, at end: Int, _ blocks: [LaidBlock]) {
        let start = self.sections[section].tokens.lowerBound
        self.sections[section].tokens = start..<end
        if let heading = self.sections[section].heading {
            self.sections[section].isBare = blocks[heading].tokens.upperBound >= end
        }
    }

    /// The document's sections in groups that are to be one chunk each where they fit.
    ///
    /// A heading without text of its own goes with the section after it. Then a section joins the
    /// group before it when both fit, one of them is small, and it lies under the same heading.
    func groups(maximumTokens: Int, minimumTokens: Int) -> [SectionGroup] {
        var groups: [SectionGroup] = []
        for unit in self.units() {
            guard let group = groups.last,
                group.tokens.count + unit.tokens.count <= maximumTokens,
                min(group.tokens.count, unit.tokens.count) < minimumTokens,
                self.isSection(unit.parent, under: group.parent)
            else {
                groups.append(unit)
                continue
            }
            groups[groups.count - 1] = SectionGroup(
                tokens: group.tokens.lowerBound..<unit.tokens.upperBound,
                section: self.commonSection(group.section, unit.section),
                parent: group.parent
            )
        }
        return groups
    }

    /// Sections with text, each with the bare headings right before it.
    private func units() -> [SectionGroup] {
        var units: [SectionGroup] = []
        var bare: SectionGroup?
        for (index, section) in self.sections.enumerated() where !section.tokens.isEmpty {
            var unit = SectionGroup(tokens: section.tokens, section: index, parent: section.parent)
            if let above = bare {
                let isAbove = self.isSection(index, under: above.section)
                unit.section = isAbove ? index : self.commonSection(above.section, index)
                unit.tokens = above.tokens.lowerBound..<section.tokens.upperBound
                unit.parent = above.parent
            }
            bare = section.isBare ? unit : nil
            if bare == nil { units.append(unit) }
        }
        if let bare { units.append(bare) }
        return units
    }

    /// Whether `section` is `ancestor` or lies under it.
    ///
    /// - Complexity: O(1); levels limit the depth to six.
    private func isSection(_ section: Int, under ancestor: Int) -> Bool {
        var section = section
        while section > ancestor { section = self.sections[section].parent }
        return section == ancestor
    }

    private func commonSection(_ left: Int, _ right: Int) -> Int {
        var left = left
        while !self.isSection(right, under: left) { left = self.sections[left].parent }
        return left
    }

    /// The titles from the outermost heading down to that of `section`.
    func headings(of section: Int, in layout: ChunkLayout) -> [String] {
        var titles: [String] = []
        var section = section
        while let heading = self.sections[section].heading {
            let block = layout.blocks[heading]
            let title = headingTitle(
                UnsafeBufferPointer(rebasing: layout.text[block.start..<block.end])
            )
            if !title.isEmpty { titles.append(title) }
            section = self.sections[section].parent
        }
        return titles.reversed()
    }
}
