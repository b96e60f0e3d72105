/// The hashes dedupe is built on; a change to any constant changes every stored signature.
enum ShingleHash {
    static let tokensPerShingle = 5

    // Odd constants with balanced bits: the fractional parts of the square roots of 2, 3, 5 and 7,
    // lowest bit set.
    private static let key0: UInt64 = 0x6A09_E667_F3BC_C909
    private static let key1: UInt64 = 0xBB67_AE85_84CA_A73B
    private static let key2: UInt64 = 0x3C6E_F372_FE94_F82B
    static let base: UInt64 = 0xA54F_F53A_5F1D_36F1
    /// `base` to the power of the tokens in a shingle: what the token that leaves has gathered.
    static let leavingFactor: UInt64 = base &* base &* base &* base &* base

    @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// The hash of one token: 16 bytes a step, 64 x 64 -> 128 bit products folded.
    ///
    /// - Precondition: 16 bytes past the token may be read; what they hold does not matter.
    @inline(__always)
    static func token(_ bytes: UnsafeRawPointer, count: Int) -> UInt64 {
        var state = self.key2 &+ UInt64(truncatingIfNeeded: count)
        var bytes = bytes
        var rest = count
        while rest > 16 {
            let low = bytes.loadUnaligned(as: UInt64.self)
            let high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            state = self.fold(low ^ self.key0, high ^ state)
            bytes += 16
            rest &-= 16
        }
        var low = bytes.loadUnaligned(as: UInt64.self)
        var high: UInt64 = 0
        if rest < 8 {
            low &= (1 &<< UInt64(truncatingIfNeeded: rest &* 8)) &- 1
        } else if rest > 8 {
            high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            if rest < 16 { high &= (1 &<< UInt64(truncatingIfNeeded: (rest &- 8) &* 8)) &- 1 }
        }
        return self.fold(low ^ self.key0, high ^ state)
    }

    /// The 32-bit hash of a shingle from the polynomial of its token hashes.
    @inline(__always)
    static func shingle(_ polynomial: UInt64, tokenCount: Int) -> UInt32 {
        let mixed = self.fold(
            polynomial ^ self.key1,
            self.key0 &+ UInt64(truncatingIfNeeded: tokenCount)
        )
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }
}

extension NormalisedTokens {
    /// Replaces `shingles` by the hash of every five consecutive tokens, in text order.
    ///
    /// One to four tokens are one shingle; none have none.
    /// - Returns: the hash of the facts that a reader sees without context, in their order: tokens
    ///   with numbers, words of ``FactWords`` and signs. Texts whose hashes differ differ in a fact.
    func hashShingles(into shingles: inout [UInt32]) -> UInt64 {
        shingles.removeAll(keepingCapacity: true)
        let window = ShingleHash.tokensPerShingle
        // Polynomials of the last five tokens: sum of hash times base^(4 - position).
        var polynomial: UInt64 = 0
        var recent: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        var facts = FactChain(self)
        shingles.reserveCapacity(max(1, self.ends.count))
        self.storage.withUnsafeBytes { storage in
            guard let bytes = storage.baseAddress else { return }
            var start = 0
            for index in self.ends.indices {
                let end = Int(self.ends[index])
                let hash = ShingleHash.token(bytes + start, count: end &- start)
                start = end &+ 1
                facts.take(token: index, hash)
                polynomial = polynomial &* ShingleHash.base &+ hash
                polynomial = polynomial &- recent.0 &* ShingleHash.leavingFactor
                recent = (recent.1, recent.2, recent.3, recent.4, hash)
                if index >= window &- 1 {
                    shingles.append(ShingleHash.shingle(polynomial, tokenCount: window))
                }
            }
        }
        if shingles.isEmpty, !self.ends.isEmpty {
            shingles.append(ShingleHash.shingle(polynomial, tokenCount: self.ends.count))
        }
        return facts.finish()
    }
}

/// The hash of a text's facts, as its tokens go by.
private struct FactChain {
    private let signs: [NormalisedTokens.Sign]
    private let numbers: [UInt32]
    private let words = FactWords.shared
    private var hash: UInt64 = 0
    private var nextSign = 0
    private var nextNumber = 0
    /// The token before which the next sign stands, and the next token that holds a number.
    private var signToken: Int
    private var numberToken: Int

    init(_ tokens: NormalisedTokens) {
        self.signs = tokens.signs
        self.numbers = tokens.numbers
        self.signToken = tokens.signs.first.map { Int($0.tokensBefore) } ?? .max
        self.numberToken = tokens.numbers.first.map { Int($0) } ?? .max
    }

    @inline(__always)
    mutating func take(token: Int, _ hash: UInt64) {
        if token >= self.signToken { self.takeSigns(before: token) }
        if token == self.numberToken {
            self.nextNumber &+= 1
            self.numberToken =
                self.nextNumber < self.numbers.count ? Int(self.numbers[self.nextNumber]) : .max
            self.add(hash)
        } else if self.words.contains(hash) {
            self.add(hash)
        }
    }

    mutating func finish() -> UInt64 {
        self.takeSigns(before: .max - 1)
        return self.hash
    }

    private mutating func takeSigns(before token: Int) {
        while token >= self.signToken {
            self.add(UInt64(self.signs[self.nextSign].scalar))
            self.nextSign += 1
            self.signToken =
                self.nextSign < self.signs.count
                ? Int(self.signs[self.nextSign].tokensBefore) : .max
        }
    }

    @inline(__always)
    private mutating func add(_ value: UInt64) {
        self.hash = ShingleHash.fold(self.hash ^ ShingleHash.base, value ^ MinHash.seed)
    }
}
