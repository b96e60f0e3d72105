import Foundation
import Segments
import Testing

@Suite struct TieredMergeTests {
    static func segment(_ name: Int, rows: Int, dead: Int = 0) -> LiveSegment {
        LiveSegment(
            SegmentReference(
                name: "\(name)",
                byteCount: 0,
                documentCount: rows,
                chunkCount: 0,
                digest: ""
            ),
            tombstones: dead == 0
                ? nil
                : TombstoneReference(
                    name: "",
                    byteCount: 0,
                    documentCount: dead,
                    chunkCount: 0,
                    termOccurrenceCount: 0,
                    digest: ""
                )
        )
    }

    struct Case: Sendable {
        let segments: [(rows: Int, dead: Int)]
        let new: Int
        let merged: [Int]
    }

    @Test(
        arguments: [
            Case(segments: [], new: 0, merged: []),
            Case(segments: [], new: 7, merged: []),
            Case(segments: [(10, 0), (3, 0)], new: 0, merged: []),
            Case(segments: [(4, 0)], new: 1, merged: []),
            Case(segments: [(3, 0)], new: 1, merged: [0]),
            // 3 makes 4, which takes 15, which makes 19.
            Case(segments: [(76, 0), (15, 0), (3, 0)], new: 1, merged: [1, 2]),
            Case(segments: [(75, 0), (15, 0), (3, 0)], new: 1, merged: [0, 1, 2]),
            // Live documents count, and half of them dead is not yet too many.
            Case(segments: [(6, 3)], new: 1, merged: [0]),
            Case(segments: [(8, 4)], new: 1, merged: []),
            Case(segments: [(8, 4)], new: 0, merged: []),
            Case(segments: [(9, 5), (16, 0)], new: 0, merged: [0]),
            // What is rewritten for its dead gathers the smaller ones as new documents do.
            Case(segments: [(9, 5), (15, 0)], new: 0, merged: [0, 1]),
            // Without live documents: named, so that it goes; nothing is written for it.
            Case(segments: [(9, 9), (1, 0), (0, 0)], new: 0, merged: [0, 2]),
        ])
    func theTableOfCases(expected: Case) {
        let segments = expected.segments.enumerated().map {
            Self.segment($0.offset, rows: $0.element.rows, dead: $0.element.dead)
        }
        #expect(segmentsToMerge(segments, adding: expected.new) == expected.merged)
    }

    /// A shard of counts alone; only what the policy sees.
    struct Shard {
        var segments: [(rows: Int, dead: Int)] = []
        var written = 0
        var added = 0
        var buried = 0
        var liveMax = 0

        var live: Int { self.segments.reduce(0) { $0 + $1.rows - $1.dead } }

        mutating func bury(_ count: Int, _ random: inout Seeded) {
            for _ in 0..<min(count, self.live) {
                var position = Int(random.next() % UInt64(self.live))
                for index in self.segments.indices {
                    let live = self.segments[index].rows - self.segments[index].dead
                    if position < live {
                        self.segments[index].dead += 1
                        break
                    }
                    position -= live
                }
                self.buried += 1
            }
        }

        mutating func sync(adding new: Int) {
            let merged = segmentsToMerge(
                self.segments.enumerated().map {
                    TieredMergeTests.segment(
                        $0.offset,
                        rows: $0.element.rows,
                        dead: $0.element.dead
                    )
                },
                adding: new
            )
            let size = merged.reduce(new) {
                $0 + self.segments[$1].rows - self.segments[$1].dead
            }
            for index in merged.reversed() { self.segments.remove(at: index) }
            if size > 0 { self.segments.append((size, 0)) }
            self.written += size
            self.added += new
            self.liveMax = max(self.liveMax, self.live)
        }

        var isBounded: Bool {
            Double(self.segments.count) <= log2(2 * Double(max(self.live, 1))) / 2 + 1
        }

        /// Each rewriting of a document is among 1.25 times as many; a death moves the others of its
        /// segment back by less than 5 steps between them, and pays once for a live neighbour.
        var isAmortised: Bool {
            let steps = log(Double(max(self.liveMax, 1))) / log(1.25)
            return Double(self.written) <= Double(self.added) * (1 + steps)
                + Double(self.buried) * 6
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func segmentsStayFewAndWritingAmortisedOverAnyHistory(seed: UInt64) {
        var random = Seeded(seed)
        var shard = Shard()
        let largest = [1, 3, 20, 400][Int(seed % 4)]
        for step in 0..<300 {
            // Phases of growing, of replacing and of deleting.
            let deleting = [0, 1, 3][(step / 50 + Int(seed)) % 3]
            shard.bury(deleting * Int(random.next() % UInt64(largest + 1)), &random)
            let isDeletingOnly = deleting > 0 && random.next() % 2 == 0
            shard.sync(adding: isDeletingOnly ? 0 : Int(random.next() % UInt64(largest + 1)))
            #expect(shard.isBounded, "step \(step): \(shard.segments)")
            #expect(shard.segments.allSatisfy { $0.rows > $0.dead && $0.dead * 2 <= $0.rows })
        }
        #expect(shard.isAmortised, "\(shard.written) written for \(shard.added)")
    }

    @Test(arguments: [1, 2, 7])
    func oneWayGrowthWritesEachDocumentALogarithmOfTimes(step: Int) {
        var shard = Shard()
        var isAlwaysBounded = true
        for _ in 0..<20_000 {
            shard.sync(adding: step)
            isAlwaysBounded = isAlwaysBounded && shard.isBounded
        }
        #expect(isAlwaysBounded && shard.isAmortised)
        // In the ordinary case about twice log4(20,000), far below the bound.
        #expect(Double(shard.written) / Double(shard.added) < 15)
    }

    @Test func theOrderOfTheListDoesNotMatter() {
        var random = Seeded(5)
        for _ in 0..<2_000 {
            let segments = (0..<Int(random.next() % 9)).map { name in
                let rows = Int(random.next() % 60)
                return Self.segment(name, rows: rows, dead: Int(random.next() % UInt64(rows + 1)))
            }
            let new = Int(random.next() % 12)
            func merged(_ segments: [LiveSegment]) -> Set<String> {
                Set(segmentsToMerge(segments, adding: new).map { segments[$0].segment.name })
            }
            let expected = merged(segments)
            #expect(merged(segments.reversed()) == expected)
            #expect(merged(segments.shuffled(using: &random)) == expected)
        }
    }
}
