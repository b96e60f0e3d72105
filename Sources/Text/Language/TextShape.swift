#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much a text is made of words: what parts prose from code, tables, hashes and logs.
struct TextShape {
    /// Bytes that are not white space.
    private(set) var byteCount = 0
    /// Bytes of words that stand as words do in a sentence.
    private(set) var cleanWordBytes = 0
    private(set) var symbols = 0
    private(set) var digits = 0
    private(set) var highBytes = 0
    private(set) var words = 0
    /// Bytes of letters.
    private(set) var wordBytes = 0
    /// A lower-case letter before an upper-case one.
    private(set) var innerCapitals = 0
    /// A word, a sign such as `.`, `(` or `=`, and at once another word.
    private(set) var joints = 0
    /// Words that touch a digit.
    private(set) var digitNeighbours = 0
    private(set) var hasLongWord = false

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < text.count {
            let kind = shapeTable[Int(text[index])]
            if kind & Shape.letter != 0 {
                let end = wordEnd(text, from: index)
                self.add(text, word: index..<end)
                index = end
                continue
            }
            if text[index] > 0x20 {
                self.byteCount += 1
                if kind & Shape.digit != 0 { self.digits += 1 }
                if kind & Shape.symbol != 0 { self.symbols += 1 }
            }
            index += 1
        }
    }

    private mutating func add(_ text: UnsafeBufferPointer<UInt8>, word: Range<Int>) {
        let first = text[word.lowerBound]
        var capitals = 0
        var isASCII = first < 0x80
        for index in word.dropFirst() {
            if text[index] &- 0x41 < 26, text[index - 1] &- 0x61 < 26 { capitals += 1 }
        }
        for index in word where text[index] >= 0x80 { self.highBytes += 1 }
        let before = word.lowerBound > 0 ? text[word.lowerBound - 1] : 0x20
        let after = word.upperBound < text.count ? text[word.upperBound] : 0x20
        let next = word.upperBound + 1 < text.count ? text[word.upperBound + 1] : 0x20
        let (kind, nextKind) = (shapeTable[Int(after)], shapeTable[Int(next)])
        let mayEnd =
            kind & Shape.close != 0
            && (kind & Shape.closeAlone != 0 || nextKind & Shape.afterClose != 0 || next >= 0x80)
        let mayStart = shapeTable[Int(before)] & Shape.open != 0
        // Not every script parts its words.
        if !isASCII || text[word.upperBound - 1] >= 0x80 { isASCII = false }
        if !isASCII || mayStart && mayEnd, capitals == 0, !isASCII || word.count <= 24 {
            self.cleanWordBytes += word.count
        }
        if before &- 0x30 < 10 { self.digitNeighbours += 1 }
        if after &- 0x30 < 10 { self.digitNeighbours += 1 }
        if kind & Shape.joint != 0, nextKind & Shape.letter != 0 || isJointEnd(next) {
            self.joints += 1
        }
        if first < 0x80, word.count > 24 { self.hasLongWord = true }
        self.innerCapitals += capitals
        self.words += 1
        self.wordBytes += word.count
        self.byteCount += word.count
    }

    /// The probability that the text is no prose of any language.
    ///
    /// - Parameter ngramLead: how far the n-gram model's score of "no language" is above that of
    ///   its best language, in nats by the root of the bytes; nil without that model.
    /// - Source: logistic regression on the development set's noise, code and prose, with code of
    ///   eight programming languages and technical documentation beside them; on the half not
    ///   fitted it calls 98 % of code, and 0.2 % of prose, no prose.
    func junkProbability(ngramLead: Double?) -> Double {
        let bytes = Double(max(self.byteCount, 1))
        let words = Double(max(self.words, 1))
        let clean = Double(self.cleanWordBytes) / bytes
        let length = min(log(bytes), 6) / 6
        let shares = [
            1, clean, Double(self.symbols) / bytes, Double(self.digits) / bytes,
            min(Double(self.innerCapitals) / words, 1), min(Double(self.joints) / words, 1),
            min(Double(self.digitNeighbours) / words, 1), self.hasLongWord ? 1 : 0, length,
            1 - Double(self.highBytes) / bytes, clean * length, length * length,
        ]
        var sum = 0.0
        if let ngramLead {
            for (share, weight) in zip(shares, weightsWithNgrams) { sum += share * weight }
            let lead = max(min(ngramLead, 4), -4)
            sum += lead * (1.838 - 0.751 * length) - 2.224
        } else {
            for (share, weight) in zip(shares, weightsAlone) { sum += share * weight }
        }
        return 1 / (1 + exp(-sum))
    }
}

private let weightsWithNgrams = [
    8.127, -11.919, 21.525, -7.46, -0.353, 2.974, 4.296, -2.388, 13.139, 1.228, 3.176, -13.212,
]
private let weightsAlone = [
    1.592, -8.935, 20.844, -1.585, -0.678, 2.241, 1.933, -2.537, 14.192, -1.423, -2.018, -10.172,
]

/// `)`, `_` and quotes, as after the joint of `call()` or `name='x'`.
@inline(__always)
private func isJointEnd(_ byte: UInt8) -> Bool {
    byte == 0x29 || byte == 0x5F || byte == 0x27 || byte == 0x22
}

/// A run of letters with single apostrophes and hyphens inside.
@inline(__always)
private func wordEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start + 1
    while index < text.count {
        let byte = text[index]
        if shapeTable[Int(byte)] & Shape.letter == 0 {
            let isInner =
                (byte == 0x27 || byte == 0x2D) && index + 1 < text.count
                && shapeTable[Int(text[index + 1])] & Shape.letter != 0
                && shapeTable[Int(text[index - 1])] & Shape.letter != 0
            guard isInner else { break }
        }
        index += 1
    }
    return index
}

private enum Shape {
    static let letter: UInt8 = 1
    static let digit: UInt8 = 2
    static let symbol: UInt8 = 4
    static let joint: UInt8 = 8
    static let open: UInt8 = 16
    static let close: UInt8 = 32
    /// A closing sign that needs nothing after it.
    static let closeAlone: UInt8 = 64
    static let afterClose: UInt8 = 128
}

private let shapeTable: [UInt8] = (0..<256).map { value in
    let byte = UInt8(value)
    func isIn(_ set: StaticString) -> Bool {
        (0..<set.utf8CodeUnitCount).contains { set.utf8Start[$0] == byte }
    }
    var kind: UInt8 = 0
    if byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 { kind |= Shape.letter }
    if byte &- 0x30 < 10 { kind |= Shape.digit }
    if isIn("(){}[]=<>;_*/\\|&^%$#@~+`") { kind |= Shape.symbol }
    if isIn(".([=_:/->") { kind |= Shape.joint }
    if isIn(" \t\n\r\"'(") { kind |= Shape.open }
    if isIn(" \t\n\r.,;:!?\"')-") { kind |= Shape.close }
    if isIn(" \t\n\r\"')") { kind |= Shape.closeAlone }
    if isIn(" \t\n\r\"').") { kind |= Shape.afterClose }
    return kind
}
