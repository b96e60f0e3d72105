/// A unit's features and text, for learning the weights.
package struct UnitDescription {
    package var features: [Int] = []
    package var text: [UInt8] = []
    package var tag = ""
    package var isWhole = false
}

/// Lists features instead of summing their weights.
private struct ListSink: FeatureSink {
    var features: [Int] = []
    var base = 0
    var groups: [(String, Int)] = []

    mutating func one(_ name: StaticString, _ value: Int, of count: Int) {
        self.features.append(self.base + min(max(0, value), count - 1))
        self.groups.append(("\(name)", count))
        self.base += count
    }

    mutating func bits(_ name: StaticString, _ value: UInt64, of count: Int) {
        for bit in 0..<count where value >> UInt64(bit) & 1 == 1 {
            self.features.append(self.base + bit)
        }
        self.groups.append(("\(name)", count))
        self.base += count
    }
}

nonisolated(unsafe) var unitHook: (([UnitDescription], [(String, Int)]) -> Void)?

func hookUnits(_ page: UnitPage, _ arena: HTMLArena, _ scanned: ScannedPage) {
    guard let unitHook else { return }
    var all: [UnitDescription] = []
    var groups: [(String, Int)] = []
    for i in page.units.indices {
        var sink = ListSink()
        page.describe(i, to: &sink)
        groups = sink.groups
        var text: [UInt8] = []
        page.units[i].forEachRun(in: arena) { let r = scanned.runs[$0]; text += scanned.text[Int(r.start)..<Int(r.end)]; text.append(0x1F) }
        all.append(UnitDescription(features: sink.features, text: text, tag: arena.nodes[page.units[i].node].tag.name, isWhole: page.units[i].isWhole))
    }
    unitHook(all, groups)
}
