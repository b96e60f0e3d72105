import Foundation
import Segments
import Testing
import Vectors

/// Scores straight from the postings' bytes, beside the postings read first.
@Suite struct PostingScoreTests {
    static let weight = PostingWeight(weight: 7.25, base: 0.3, slope: 0.0125)

    static func share(_ count: UInt32, _ length: Int) -> Float {
        let norm = Self.weight.base + Self.weight.slope * Float(length)
        return Self.weight.weight * Float(count) / (Float(count) + norm)
    }

    /// A term in every chunk, some in most, many in few, with counts from 1 to more than a byte holds.
    private static func reader(in folder: TemporaryFolder) throws -> SegmentReader {
        var random = Seeded(17)
        var rows: Rows = (0..<700).map { number in
            let chunks = (0..<3).map { ordinal in
                var words = ["all"]
                if random.next() % 4 > 0 { words += ["most", "most"] }
                for _ in 0..<Int(random.next() % 4) { words.append("some") }
                if random.next() % 90 == 0 {
                    words += [String](repeating: "rare", count: 1 + Int(random.next() % 400))
                }
                words.append("word\(random.next() % 500)")
                return chunk(ordinal, words.joined(separator: " "))
            }
            return (document("d\(number)"), chunks)
        }
        rows.sort { $0.document.id < $1.document.id }
        let reference = try writeSegment(rows, configuration(), in: folder)
        return try SegmentReader(path: folder.path + "/" + reference.name)
    }

    private static let terms = ["all", "most", "some", "rare", "word7", "word12"]

    private static func cursor(_ term: String, of reader: SegmentReader) throws -> PostingsCursor {
        let entry = try #require(try reader.term(Array(term.utf8)))
        return try PostingsCursor(entry, in: .words, of: reader, Self.weight)
    }

    private static func windows(of reader: SegmentReader, _ size: Int) -> [Range<Int>] {
        stride(from: 0, to: reader.chunkCount, by: size).map {
            $0..<min($0 + size, reader.chunkCount)
        }
    }

    @Test func everyWayToScoreGivesTheSameBits() throws {
        let folder = try TemporaryFolder()
        let reader = try Self.reader(in: folder)
        var random = Seeded(3)
        var postings = SegmentPostings()
        var longest = 0
        for term in Self.terms {
            let entry = try #require(try reader.term(Array(term.utf8)))
            try reader.postings(of: entry, into: &postings)
            longest = max(longest, postings.chunks.count)
            let start = (0..<reader.chunkCount).map { _ in Float(random.next() % 100) / 7 }
            var expected = start
            for (chunk, count) in zip(postings.chunks, postings.counts) {
                expected[Int(chunk)] += Self.share(count, reader.length(ofChunk: Int(chunk)))
            }
            for level in VectorLevel.available {
                for size in [1, 64, 100, 4096] {
                    var found = start
                    let cursor = try Self.cursor(term, of: reader)
                    for window in Self.windows(of: reader, size) {
                        try found.withUnsafeMutableBufferPointer {
                            let scores = UnsafeMutableBufferPointer(rebasing: $0[window])
                            try cursor.addScores(in: window, to: scores, level: level)
                        }
                    }
                    #expect(found.map(\.bitPattern) == expected.map(\.bitPattern), "\(level.name)")
                }
            }
            for (step, size) in [(1, 4096), (2, 300), (97, 64), (97, 4096), (5_000, 500)] {
                let wanted = start.indices.map { $0 % step == 0 ? expected[$0] : start[$0] }
                for level in VectorLevel.available {
                    var found = start
                    let cursor = try Self.cursor(term, of: reader)
                    for window in Self.windows(of: reader, size) {
                        let rows = window.filter { $0 % step == 0 }.map {
                            UInt32($0 - window.lowerBound)
                        }
                        try found.withUnsafeMutableBufferPointer { all in
                            try rows.withUnsafeBufferPointer {
                                try cursor.addScores(
                                    in: window,
                                    rows: $0,
                                    needed: -.infinity,
                                    to: UnsafeMutableBufferPointer(rebasing: all[window]),
                                    level: level
                                )
                            }
                        }
                    }
                    #expect(found.map(\.bitPattern) == wanted.map(\.bitPattern), "\(level.name)")
                }
            }
        }
        #expect(longest == reader.chunkCount && longest > 10 * 128)
    }

    /// Whatever the query's average length, no share of a window is above the window's bound, and where bounds are
    /// of packed blocks they say something.
    @Test func noShareIsAboveTheBoundOfItsWindow() throws {
        let folder = try TemporaryFolder()
        let reader = try Self.reader(in: folder)
        var isTight = false
        for slope in [Float(0.001), 0.0125, 0.2, 3] {
            let weight = PostingWeight(weight: 7.25, base: 0.3, slope: slope)
            for term in Self.terms {
                let entry = try #require(try reader.term(Array(term.utf8)))
                for size in [1, 100, 640] {
                    let bounds = try PostingsCursor(entry, in: .words, of: reader, weight)
                    let shares = try PostingsCursor(entry, in: .words, of: reader, weight)
                    for window in Self.windows(of: reader, size) {
                        var scores = [Float](repeating: 0, count: window.count)
                        try scores.withUnsafeMutableBufferPointer {
                            try shares.addScores(in: window, to: $0)
                        }
                        let bound = try bounds.bound(in: window)
                        #expect(Double(scores.max() ?? 0) <= bound)
                        if bound > 0, bound < 0.9 * Double(weight.bound) { isTight = true }
                    }
                }
            }
        }
        #expect(isTight)
    }

    /// Blocks that cannot lift a row to what is needed may be left out, and only these.
    @Test func whatCannotReachIsLeftOutAndNothingElse() throws {
        let folder = try TemporaryFolder()
        let reader = try Self.reader(in: folder)
        // A query whose average length is that of the segment, as of an index of one.
        let average = Float(reader.termOccurrenceCount) / Float(reader.chunkCount)
        let weight = PostingWeight(weight: 7.25, base: 0.3, slope: 0.9 / average)
        func cursor(_ term: String) throws -> PostingsCursor {
            let entry = try #require(try reader.term(Array(term.utf8)))
            return try PostingsCursor(entry, in: .words, of: reader, weight)
        }
        var random = Seeded(12)
        var skippedCount = 0
        for term in ["all", "most", "some"] {
            let start = (0..<reader.chunkCount).map { _ in Float(random.next() % 1000) / 100 }
            var expected = start
            try expected.withUnsafeMutableBufferPointer {
                try cursor(term).addScores(in: 0..<reader.chunkCount, to: $0)
            }
            for needed in [Float(0), 10, 13, 17] {
                var found = start
                let rows = (0..<UInt32(reader.chunkCount)).filter { start[Int($0)] > 9 }
                try found.withUnsafeMutableBufferPointer { scores in
                    try rows.withUnsafeBufferPointer {
                        try cursor(term).addScores(
                            in: 0..<reader.chunkCount,
                            rows: $0,
                            needed: needed,
                            to: scores
                        )
                    }
                }
                for row in rows.map({ Int($0) }) where found[row] != expected[row] {
                    skippedCount += 1
                    #expect(found[row] == start[row] && expected[row] < needed)
                }
            }
        }
        #expect(skippedCount > 100)
    }

    @Test func liveChunksAreCounted() throws {
        let folder = try TemporaryFolder()
        let reader = try Self.reader(in: folder)
        var live = ChunkMask(chunkCount: reader.chunkCount)
        for start in stride(from: 0, to: reader.chunkCount - 5, by: 11) {
            live.insert(start..<start + 4)
        }
        var postings = SegmentPostings()
        for term in ["all", "most", "rare", "word7"] {
            let entry = try #require(try reader.term(Array(term.utf8)))
            try reader.postings(of: entry, into: &postings)
            let expected = postings.chunks.count { live.contains(Int($0)) }
            #expect(try reader.liveCount(of: entry, live: live) == expected)
        }
    }

    /// A damaged file, its checksums not looked at, is scored or reported, never read beyond its bytes.
    @Test func damagedPostingsAreReportedOrAreInBounds() throws {
        let folder = try TemporaryFolder()
        let path = try Self.reader(in: folder).path
        let name = String(path.split(separator: "/").last ?? "")
        let bytes = try folder.read(name)
        var random = Seeded(99)
        var reports = 0
        for round in 0..<600 {
            var damaged = bytes
            // The long lists of common words are at the beginning, the table of terms before them.
            let range = try sectionRange(15...16, of: bytes)
            let place =
                round % 2 == 0 ? range.suffix(9_000) : try sectionRange(16...16, of: bytes)[...]
            damaged[place.randomElement(using: &random) ?? 0] =
                round % 3 == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next())
            try folder.write(damaged, name)
            guard let reader = try? SegmentReader(path: folder.path + "/" + name) else { continue }
            for term in Self.terms where !Self.isScored(term, by: reader) { reports += 1 }
        }
        #expect(reports > 20)
    }

    /// False when something was reported.
    private static func isScored(_ term: String, by reader: SegmentReader) -> Bool {
        do {
            guard let entry = try reader.term(Array(term.utf8)) else { return true }
            var postings = SegmentPostings()
            var scores = [Float](repeating: 0, count: reader.chunkCount)
            try scores.withUnsafeMutableBufferPointer { scores in
                for size in [256, reader.chunkCount] {
                    let cursor = try PostingsCursor(entry, in: .words, of: reader, Self.weight)
                    for window in Self.windows(of: reader, size) {
                        _ = try cursor.bound(in: window)
                        let part = UnsafeMutableBufferPointer(rebasing: scores[window])
                        if window.lowerBound / size % 2 == 0 {
                            try cursor.addScores(in: window, to: part)
                        } else {
                            try [UInt32(0), 5, 90].withUnsafeBufferPointer {
                                guard window.count > 90 else { return }
                                try cursor.addScores(in: window, rows: $0, needed: 3, to: part)
                            }
                        }
                    }
                }
            }
            _ = try reader.liveCount(of: entry, live: ChunkMask(allOf: reader.chunkCount))
            try reader.postings(of: entry, into: &postings)
            return postings.chunks.allSatisfy { Int($0) < reader.chunkCount }
        } catch {
            return false
        }
    }
}
