internal import Bytes

/// A running line of one page, and the group of its copies; nil for a page number alone.
struct PDFRunningLine {
    var row: PDFRow
    var isTop: Bool
    var group: Int?
}

/// Lines at the pages' edges that say the same at the same height, and which of them run.
struct PDFRunningGroups {
    private struct Member {
        var page: Int
        var line: Int
    }

    private struct Group {
        var members: [Member]
        var isNumbered: Bool
        var isRunning = true
    }

    private let edges: [PDFPageEdges]
    private var groups: [Group] = []
    /// Group by page and line; nil for lines that say what no other does.
    private var groupOf: [[Int?]]

    init(_ edges: [PDFPageEdges]) {
        self.edges = edges
        self.groupOf = edges.map { [Int?](repeating: nil, count: $0.lines.count) }
        self.collect(isNumbered: false)
        self.collect(isNumbered: true)
        self.choose()
    }

    /// The running lines of a page, from the top down.
    func runningLines(on page: Int) -> [PDFRunningLine] {
        var top: [PDFRunningLine] = []
        var foot: [PDFRunningLine] = []
        for isTop in [true, false] {
            var isOutermost = true
            for (index, line) in self.edges[page].lines.enumerated() where line.isTop == isTop {
                guard let group = self.runningGroup(page, index) else {
                    isOutermost = false
                    continue
                }
                guard isOutermost || self.isCleanBlock(page, index) else { continue }
                let isNumber = line.text.letterCount == 0 && self.groups[group].isNumbered
                let found = PDFRunningLine(
                    row: line.row,
                    isTop: isTop,
                    group: isNumber ? nil : group
                )
                if isTop { top.append(found) } else { foot.append(found) }
            }
        }
        return top + foot.reversed()
    }
}

/// Real documents take two or three.
private let mostRounds = 16
/// Heights this close are the same line of the page's frame.
private let sameHeightPoints: Float = 4
/// Type this much larger than the body's is a heading's even where it is a number.
private let numberedHeadingShare: Float = 1.3

extension PDFRunningGroups {
    /// Groups equal lines; those that hold a page number by what stands around it.
    private mutating func collect(isNumbered: Bool) {
        var places: [[UInt8]: [Member]] = [:]
        for (page, edge) in self.edges.enumerated() {
            for (index, line) in edge.lines.enumerated()
            where self.groupOf[page][index] == nil && !line.beginsTable {
                guard isNumbered ? !line.text.values.isEmpty : line.text.hasLetters else {
                    continue
                }
                let key = isNumbered ? line.text.masked : line.text.literal
                places[[line.isTop ? 1 : 0] + key, default: []]
                    .append(Member(page: page, line: index))
            }
        }
        // The groups are told apart by their first member, so the dictionary's order is harmless.
        let found = places.values.flatMap { self.byHeight($0) }
            .map { isNumbered ? self.numbered($0) : $0 }
            .filter { Set($0.map(\.page)).count >= 2 }
        for members in found.sorted(by: {
            ($0[0].page, $0[0].line) < ($1[0].page, $1[0].line)
        }) {
            for member in members { self.groupOf[member.page][member.line] = self.groups.count }
            self.groups.append(Group(members: members, isNumbered: isNumbered))
        }
    }

    /// Cuts members at different heights apart; each part is in order of pages.
    private func byHeight(_ members: [Member]) -> [[Member]] {
        let distance = { (member: Member) in self.line(member).distance }
        let sorted = members.sorted {
            (distance($0), $0.page, $0.line) < (distance($1), $1.page, $1.line)
        }
        var result: [[Member]] = []
        var last = -Float.infinity
        for member in sorted {
            if distance(member) - last <= sameHeightPoints {
                result[result.count - 1].append(member)
            } else {
                result.append([member])
            }
            last = distance(member)
        }
        return result.map { part in part.sorted { ($0.page, $0.line) < ($1.page, $1.line) } }
    }

    /// The members whose number is that of their page: it rises to a page near by as the pages do, or
    /// stands before the number of pages.
    private func numbered(_ members: [Member]) -> [Member] {
        members.indices.filter { index in
            let text = self.line(members[index]).text
            guard !text.hasCount else { return true }
            return [-3, -2, -1, 1, 2, 3].contains { step in
                let other = index + step
                guard members.indices.contains(other) else { return false }
                let pages = members[other].page - members[index].page
                return pages != 0 && abs(pages) <= 3
                    && text.rises(to: self.line(members[other]).text, over: pages)
            }
        }.map { members[$0] }
    }

    private func line(_ member: Member) -> PDFEdgeLine {
        self.edges[member.page].lines[member.line]
    }

    private func runningGroup(_ page: Int, _ line: Int) -> Int? {
        guard let group = self.groupOf[page][line], self.groups[group].isRunning else { return nil }
        return group
    }

    /// Whether a line's block is apart from the body and runs as a whole.
    private func isCleanBlock(_ page: Int, _ index: Int) -> Bool {
        let lines = self.edges[page].lines
        guard let block = lines[index].block else { return false }
        return lines.indices.allSatisfy { other in
            lines[other].isTop != lines[index].isTop || lines[other].block != block
                || self.runningGroup(page, other) != nil
        }
    }
}

extension PDFRunningGroups {
    /// Gives up groups until all that are left run: a block runs as a whole or not at all.
    private mutating func choose() {
        // Page numbers first: they tell of two pages whether they belong together.
        for isNumbered in [true, false] {
            for index in self.groups.indices where self.groups[index].isNumbered == isNumbered {
                let group = self.groups[index]
                let isEnough = self.isOnEnoughPages(group)
                self.groups[index].isRunning = isEnough && self.mayRun(group)
            }
        }
        var hasChanged = true
        var round = 0
        while hasChanged, round < mostRounds {
            hasChanged = false
            round += 1
            for index in self.groups.indices where self.groups[index].isRunning {
                let members = self.groups[index].members
                let cleanCount = members.reduce(0) { count, member in
                    let isApart =
                        self.line(member).isArtifact || self.isCleanBlock(member.page, member.line)
                    return count + (isApart ? 1 : 0)
                }
                guard
                    cleanCount < min(fewestRunningPages, members.count)
                        || cleanCount * 2 < members.count
                else { continue }
                self.groups[index].isRunning = false
                hasChanged = true
            }
        }
        // Pages that never come to rest are no frame around a text.
        if hasChanged { for index in self.groups.indices { self.groups[index].isRunning = false } }
    }

    /// Three pages; or two in a row that are numbered as such, or that a sentence joins.
    private func isOnEnoughPages(_ group: Group) -> Bool {
        let pages = Set(group.members.map(\.page)).sorted()
        if pages.count >= fewestRunningPages { return true }
        guard pages[1] == pages[0] + 1 else { return false }
        if group.isNumbered {
            return group.members.allSatisfy { member in
                let text = self.line(member).text
                return text.values.first == member.page + 1
                    && (!text.hasCount || text.values.last == self.edges.count)
            }
        }
        return self.goesOn(into: pages[1]) || pages.allSatisfy { self.isNumbered($0) }
    }

    private func isNumbered(_ page: Int) -> Bool {
        self.groupOf[page].contains { group in
            group.map { self.groups[$0].isNumbered && self.groups[$0].isRunning } == true
        }
    }

    /// Whether the lines may be the page's and not headings of what stands below them.
    private func mayRun(_ group: Group) -> Bool {
        let lines = group.members.map(self.line)
        let isMost = { (test: (PDFEdgeLine) -> Bool) in lines.filter(test).count * 2 > lines.count }
        if isMost(\.isArtifact) || !lines[0].isTop { return true }
        if group.isNumbered {
            return !isMost { $0.largestSize >= numberedHeadingShare * $0.bodySize }
        }
        let fullCount = group.members.filter { self.edges[$0.page].isFull }.count
        let isFull = fullCount * 2 >= group.members.count
        if isMost(\.isHeading) { return isFull && self.flows(group) }
        return isFull || isMost(\.isSmall) || self.standsByNumber(group)
    }

    /// Whether sentences go on from the page before below most of the lines: pages that are filled one
    /// after the other, not forms.
    private func flows(_ group: Group) -> Bool {
        let count = group.members.filter { member in
            member.page > 0 && self.goesOn(into: member.page)
        }.count
        return count >= 2 && count * 4 >= group.members.count
    }

    private func goesOn(into page: Int) -> Bool {
        guard let tail = self.bodyText(page - 1, isTop: false).last,
            let head = self.bodyText(page, isTop: true).first
        else { return false }
        return head.isASCIILowercase && !".!?:;)".utf8.contains(tail)
    }

    /// The first or last line of the text between the running lines.
    private func bodyText(_ page: Int, isTop: Bool) -> [UInt8] {
        let edge = self.edges[page]
        for (index, line) in edge.lines.enumerated()
        where line.isTop == isTop && self.groupOf[page][index] == nil {
            return line.text.literal
        }
        return isTop ? edge.firstInner : edge.lastInner
    }

    /// Whether a page number stands in the same block on most pages.
    private func standsByNumber(_ group: Group) -> Bool {
        let count = group.members.filter { member in
            let line = self.line(member)
            return self.edges[member.page].lines.indices.contains { index in
                let other = self.edges[member.page].lines[index]
                return other.isTop == line.isTop && line.block != nil && other.block == line.block
                    && self.groupOf[member.page][index].map { self.groups[$0].isNumbered } == true
            }
        }.count
        return count * 2 > group.members.count
    }
}
