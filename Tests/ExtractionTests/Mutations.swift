import Foundation
import Records
import Testing

@testable import Extraction

/// How many mutations of each format are tried;
/// `MILLRACE_FORMAT_FUZZ=50000 swift test --filter FormatFuzz` tries more.
let fuzzRunCount =
    ProcessInfo.processInfo.environment["MILLRACE_FORMAT_FUZZ"].flatMap { Int($0) } ?? 200
/// `MILLRACE_SEED=…` begins elsewhere.
let firstFuzzSeed =
    ProcessInfo.processInfo.environment["MILLRACE_SEED"].flatMap { UInt64($0) } ?? 1

/// A few changes of `source`: bytes and stretches changed, taken out, doubled and put in.
func mutated(
    _ source: [UInt8],
    with fragments: [[UInt8]],
    by numbers: inout SeededGenerator
) -> [UInt8] {
    var bytes = source
    for _ in 0..<Int.random(in: 1...6, using: &numbers) where bytes.count > 2 {
        let at = Int.random(in: 0..<bytes.count, using: &numbers)
        let length = min(Int.random(in: 1...40, using: &numbers), bytes.count - at)
        switch Int.random(in: 0..<7, using: &numbers) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes.removeSubrange(at..<at + length)
        case 2: bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: at)
        case 3, 4: bytes.insert(contentsOf: fragments.randomElement(using: &numbers) ?? [], at: at)
        case 5:
            let other = Int.random(in: 0..<bytes.count - length + 1, using: &numbers)
            bytes.replaceSubrange(at..<at + length, with: Array(bytes[other..<other + length]))
        default: bytes.removeLast(min(length, bytes.count - 1))
        }
    }
    return bytes
}

func fragments(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

let numberFragments: [[UInt8]] = [
    [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF], [0x50, 0x4B, 3, 4], [0x50, 0x4B, 1, 2],
    [0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6], [0x50, 0x4B, 6, 7], [1, 0, 24, 0], [0x1F, 0x8B, 8],
    [0xFF, 0xFF, 0xFF, 0x7F], [0x80],
]

/// A mutated archive, or an archive of a mutated part, is read or refused.
func fuzz(
    _ zip: TinyZip,
    with parts: [[UInt8]],
    extract: ([UInt8]) throws(ExtractionError) -> ExtractedContent
) {
    let whole = zip.bytes()
    for run in 0..<fuzzRunCount {
        let seed = firstFuzzSeed &+ UInt64(run)
        var numbers = SeededGenerator(state: seed)
        var bytes = whole
        if run.isMultiple(of: 3) {
            bytes = mutated(whole, with: numberFragments, by: &numbers)
        } else {
            var changed = zip
            let index = Int.random(in: 0..<zip.parts.count, using: &numbers)
            changed.parts[index].bytes = mutated(
                zip.parts[index].bytes,
                with: parts,
                by: &numbers
            )
            changed.isWide = run.isMultiple(of: 2)
            bytes = changed.bytes()
        }
        _ = sniffMediaType(bytes, declared: .unknown)
        guard let content = try? extract(bytes) else { continue }
        expectSound(content, seed: seed) { try extract(bytes) }
    }
}

/// A mutation of one of these files is read or refused.
func fuzz(
    _ sources: [[UInt8]],
    with fragments: [[UInt8]],
    extract: ([UInt8]) throws(ExtractionError) -> ExtractedContent
) {
    for run in 0..<fuzzRunCount {
        let seed = firstFuzzSeed &+ UInt64(run)
        var numbers = SeededGenerator(state: seed)
        let bytes = mutated(sources[run % sources.count], with: fragments, by: &numbers)
        _ = sniffMediaType(bytes, declared: .unknown)
        guard let content = try? extract(bytes) else { continue }
        expectSound(content, seed: seed) { try extract(bytes) }
    }
}
