package import Records

/// Blocks that so many pages of a host have that they belong to the host, not to a page.
///
/// A function of the set of pages: of every host's page count, and of how many of its pages hold a
/// block, however often each does.
package struct SharedBlocks: Sendable {
    /// Goes up when other blocks may be shared, or other ones left out.
    package static let revision = 1

    private let keys: Set<UInt64>

    /// - Parameter keys: from ``SharedBlockCounter/shared(pagesOfHost:)``, of every part.
    package init(_ keys: some Sequence<UInt64>) { self.keys = Set(keys) }

    package var isEmpty: Bool { self.keys.isEmpty }

    /// A block is shared on at least so many pages: three, a tenth of the host's, and of a small
    /// host's pages half, up to ten.
    package static func requiredPages(of pageCount: Int) -> Int {
        max(3, (pageCount + 9) / 10, min((pageCount + 1) / 2, 10))
    }

    /// The blocks of a page that are the host's.
    ///
    /// A heading is left out when all under it is. A page that consists of shared blocks keeps them.
    /// - Output: indices of entries, ascending.
    /// - Complexity: O(entries); levels limit the nesting of headings to six.
    package func leftOut(of page: PageBlocks, host: UInt64) -> [Int] {
        guard !self.keys.isEmpty else { return [] }
        var isOut = page.entries.map { entry in
            guard case .text(let digest) = entry else { return false }
            return self.keys.contains(blockKey(host: host, digest: digest))
        }
        guard isOut.contains(true) else { return [] }
        for (index, entry) in page.entries.enumerated().reversed() {
            guard case .heading(let level) = entry else { continue }
            isOut[index] = page.isAllOut(under: index, level: level, isOut)
        }
        let keepsText = zip(page.entries, isOut).contains { entry, isOut in
            if case .heading = entry { return false }
            return !isOut
        }
        return keepsText ? isOut.indices.filter { isOut[$0] } : []
    }
}

extension PageBlocks {
    fileprivate func isAllOut(under heading: Int, level: UInt8, _ isOut: [Bool]) -> Bool {
        var index = heading + 1
        while index < self.entries.count {
            if case .heading(let next) = self.entries[index], next <= level { break }
            guard isOut[index] else { return false }
            index += 1
        }
        return index > heading + 1
    }
}

/// Counts on how many pages of a host each block stands, for one part of all blocks.
///
/// Parts divide the blocks of every page alike, so that each can be counted in bounded memory.
package struct SharedBlockCounter {
    private struct Count {
        var host: UInt64
        var pages: Int
    }

    private let part: UInt64
    private let partCount: UInt64
    private var counts: [UInt64: Count] = [:]
    private var keys: [UInt64] = []

    /// - Precondition: `0..<partCount` contains `part`.
    package init(part: Int, of partCount: Int) {
        precondition((0..<partCount).contains(part))
        self.part = UInt64(part)
        self.partCount = UInt64(partCount)
    }

    /// Takes a page in.
    package mutating func add(_ page: PageBlocks, host: UInt64) {
        self.keys.removeAll(keepingCapacity: true)
        for case .text(let digest) in page.entries {
            let key = blockKey(host: host, digest: digest)
            if key % self.partCount == self.part { self.keys.append(key) }
        }
        self.keys.sort()
        var last: UInt64?
        for key in self.keys where key != last {
            self.counts[key, default: Count(host: host, pages: 0)].pages += 1
            last = key
        }
    }

    /// Keys of the blocks that enough pages of their host have, ascending.
    package func shared(pagesOfHost: [UInt64: Int]) -> [UInt64] {
        self.counts.filter { _, count in
            count.pages >= SharedBlocks.requiredPages(of: pagesOfHost[count.host] ?? 0)
        }.keys.sorted()
    }
}

/// One number for a block of a host; two blocks of a billion collide with probability 2^-5.
private func blockKey(host: UInt64, digest: UInt64) -> UInt64 {
    // The finaliser of SplitMix64 (Steele, Lea & Flood 2014), a bijection.
    var key = digest &+ (host &* 0x9E37_79B9_7F4A_7C15)
    key = (key ^ (key >> 30)) &* 0xBF58_476D_1CE4_E5B9
    key = (key ^ (key >> 27)) &* 0x94D0_49BB_1331_11EB
    return key ^ (key >> 31)
}
