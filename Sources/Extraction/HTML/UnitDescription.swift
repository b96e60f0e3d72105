internal import Bytes
internal import Formats

/// One unit of a page as the weights see it, for learning them anew.
package struct UnitDescription: Sendable {
    /// Indices of the features it has.
    package var features: [Int]
    package var text: [UInt8]
    package var tag: String
    package var isWhole: Bool
}

/// The units of a page with their features, and the names and sizes of the groups of features; empty
/// for documentation, which is chosen by its marks alone.
package func describeUnits(
    of bytes: [UInt8]
) -> (units: [UnitDescription], groups: [(name: String, count: Int)]) {
    let source = decodeHTML(bytes).utf8
    let (scanned, tree) = scanPage(source)
    var arena = tree
    let linked = source.withUnsafeBufferPointer { LinkedData($0, scanned.head.linkedData) }
    let selection = selectContent(in: &arena, scanned, source, linked, HTMLOptions())
    guard let page = selection.page else { return ([], []) }
    var units: [UnitDescription] = []
    var groups: [(name: String, count: Int)] = []
    for (index, unit) in page.units.enumerated() {
        var sink = ListSink()
        page.describe(index, to: &sink)
        groups = sink.groups
        var text: [UInt8] = []
        unit.forEachRun(in: page.arena) { record in
            let run = scanned.runs[record]
            if unit.isWhole, !text.isEmpty { text.append(UInt8(ascii: " ")) }
            text.append(contentsOf: scanned.text[Int(run.start)..<Int(run.end)])
        }
        units.append(
            UnitDescription(
                features: sink.features,
                text: text.map { $0 == ScannedPage.lineBreak ? UInt8(ascii: " ") : $0 },
                tag: page.arena.nodes[unit.node].tag.name,
                isWhole: unit.isWhole
            )
        )
    }
    return (units, groups)
}

/// Lists features instead of summing their weights.
private struct ListSink: FeatureSink {
    private(set) var features: [Int] = []
    private(set) var groups: [(name: String, count: Int)] = []
    private var base = 0

    mutating func one(_ name: StaticString, _ value: Int, of count: Int) {
        self.features.append(self.base + min(max(0, value), count - 1))
        self.add(name, count)
    }

    mutating func bits(_ name: StaticString, _ value: UInt64, of count: Int) {
        for bit in 0..<count where value >> UInt64(bit) & 1 == 1 {
            self.features.append(self.base + bit)
        }
        self.add(name, count)
    }

    private mutating func add(_ name: StaticString, _ count: Int) {
        self.groups.append((String(describing: name), count))
        self.base += count
    }
}

/// How many weights there are.
package var unitWeightCount: Int { UnitWeights.values.count }
