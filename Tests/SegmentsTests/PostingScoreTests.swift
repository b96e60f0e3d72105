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

    @Test func everyWayToScoreGivesTheSameBits() throws {
        let folder = try TemporaryFolder()
        let reader = try Self.reader(in: folder)
        var random = Seeded(3)
        var postings = SegmentPostings()
        var longest = 0
        for term in ["all", "most", "some", "rare", "word7", "word12"] {
            let entry = try #require(try reader.term(Array(term.utf8)))
            try reader.postings(of: entry, into: &postings)
            longest = max(longest, postings.chunks.count)
            let start = (0..<reader.chunkCount).map { _ in Float(random.next() % 100) / 7 }
            var expected = start
            for (chunk, count) in zip(postings.chunks, postings.counts) {
                expected[Int(chunk)] += Self.share(count, reader.length(ofChunk: Int(chunk)))
            }
            for level in VectorLevel.available {
                var found = start
                try found.withUnsafeMutableBufferPointer {
                    try reader.addScores(of: entry, Self.weight, to: $0, level: level)
                }
                #expect(found.map(\.bitPattern) == expected.map(\.bitPattern), "\(level.name)")
            }
            for step in [1, 2, 97, 5_000] {
                let chosen = stride(from: 0, to: reader.chunkCount, by: step).map(UInt32.init)
                for survey in [nil, try reader.survey(entry, live: nil)] {
                    var found = start
                    try found.withUnsafeMutableBufferPointer { scores in
                        try chosen.withUnsafeBufferPointer {
                            try reader.addScores(
                                of: entry,
                                Self.weight,
                                survey: survey,
                                chunks: $0,
                                to: scores
                            )
                        }
                    }
                    for chunk in 0..<reader.chunkCount {
                        let wanted = chunk % step == 0 ? expected[chunk] : start[chunk]
                        #expect(found[chunk].bitPattern == wanted.bitPattern)
                    }
                }
            }
        }
        #expect(longest == reader.chunkCount && longest > 10 * 128)
    }

    @Test func aSurveyCountsTheLiveChunks() throws {
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
            #expect(
                try reader.survey(entry, live: live).liveCount
                    == postings.chunks.count { live.contains(Int($0)) }
            )
            #expect(try reader.survey(entry, live: nil).liveCount == postings.chunks.count)
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
        for _ in 0..<300 {
            var damaged = bytes
            let index = try sectionRange(15...16, of: bytes).suffix(9_000).randomElement(
                using: &random
            )
            damaged[index ?? 0] = UInt8(truncatingIfNeeded: random.next())
            try folder.write(damaged, name)
            guard let reader = try? SegmentReader(path: folder.path + "/" + name) else { continue }
            for term in ["all", "most", "some", "rare", "word7"] {
                do {
                    guard let entry = try reader.term(Array(term.utf8)) else { continue }
                    var scores = [Float](repeating: 0, count: reader.chunkCount)
                    try scores.withUnsafeMutableBufferPointer {
                        try reader.addScores(of: entry, Self.weight, to: $0)
                        let survey = try reader.survey(entry, live: nil)
                        let chosen = [UInt32(0), 5, 900]
                        let target = $0
                        try chosen.withUnsafeBufferPointer {
                            try reader.addScores(
                                of: entry,
                                Self.weight,
                                survey: survey,
                                chunks: $0,
                                to: target
                            )
                        }
                    }
                } catch {
                    reports += 1
                }
            }
        }
        #expect(reports > 20)
    }
}
