internal import Bytes

/// A text's tokens and signs in one order, with the places they stand at: what a comparison of two
/// texts reads.
///
/// Scripts written without spaces give a token for each scalar, so that a line break in a sentence is no
/// difference; underscores around a word are Markdown's.
struct PlacedTokens {
    let text: [UInt8]
    /// Equal for equal tokens in lower case.
    private(set) var hashes: [UInt64] = []
    /// Bytes of `text`.
    private(set) var places: [Range<Int>] = []
    private(set) var isSign: [Bool] = []
    /// Bytes of `lowered`; empty for a sign.
    private var spans: [Range<Int>] = []
    private let lowered: [UInt8]

    /// - Parameter tokens: working storage, which holds the tokens of `text` afterwards.
    init(_ text: [UInt8], _ tokens: inout NormalisedTokens) {
        tokens.recordsPlaces = true
        text.withUnsafeBufferPointer { tokens.read($0) }
        self.text = text
        self.lowered = Array(tokens.storage.prefix(tokens.byteCount + NormalisedTokens.padding))
        self.hashes.reserveCapacity(tokens.ends.count + tokens.signs.count)
        var scalars = WordScalars()
        var sign = 0
        var start = 0
        for index in 0...tokens.ends.count {
            while sign < tokens.signs.count, tokens.signs[sign].tokensBefore <= index {
                self.add(tokens.signs[sign])
                sign += 1
            }
            guard index < tokens.ends.count else { break }
            let end = Int(tokens.ends[index])
            self.add(start..<end, at: tokens.places[index], &scalars)
            start = end + 1
        }
    }

    var count: Int { self.hashes.count }

    /// The token in lower case; empty for a sign.
    func lowered(_ index: Int) -> ArraySlice<UInt8> { self.lowered[self.spans[index]] }

    /// The token as it stands in the text.
    func written(_ index: Int) -> ArraySlice<UInt8> { self.text[self.places[index]] }

    /// What stands between a token and the one before it; nil for the first.
    func gap(before index: Int) -> ArraySlice<UInt8>? {
        guard index > 0 else { return nil }
        let start = self.places[index - 1].upperBound
        return self.text[start..<max(start, self.places[index].lowerBound)]
    }

    private mutating func add(_ sign: NormalisedTokens.Sign) {
        // Far from the hashes of tokens, which are products of 64 bits.
        self.hashes.append(UInt64(sign.scalar))
        let start = Int(sign.offset)
        let length = self.text[start] < 0x80 ? 1 : self.text[start] < 0xE0 ? 2 : 3
        self.places.append(start..<min(start + length, self.text.count))
        self.isSign.append(true)
        self.spans.append(0..<0)
    }

    private mutating func add(
        _ span: Range<Int>,
        at place: Range<Int>,
        _ scalars: inout WordScalars
    ) {
        var span = span
        var place = place
        let underscore = UInt8(ascii: "_")
        while let first = self.lowered[span].first, first == underscore {
            span = span.dropFirst()
            place = place.dropFirst()
        }
        while let last = self.lowered[span].last, last == underscore {
            span = span.dropLast()
            place = place.dropLast()
        }
        guard !span.isEmpty else { return }
        // Scalars without spaces between them have three bytes or more.
        guard self.lowered[span].contains(where: { $0 >= 0xE0 }) else {
            return self.append(span, at: place)
        }
        var start = span.lowerBound
        var at = span.lowerBound
        while at < span.upperBound {
            let (codePoint, length) = self.lowered.withUnsafeBufferPointer {
                decodeUTF8($0, at: at)
            }
            if scalars.entry(of: codePoint).isUnspaced {
                self.append(start..<at, of: span, at: place)
                self.append(at..<at + length, of: span, at: place)
                start = at + length
            }
            at += length
        }
        self.append(start..<span.upperBound, of: span, at: place)
    }

    /// A part of a token, whose bytes stand in the text as they stand in the token but for rare letters
    /// that change their length with their case.
    private mutating func append(_ part: Range<Int>, of span: Range<Int>, at place: Range<Int>) {
        guard !part.isEmpty else { return }
        let shift = place.lowerBound - span.lowerBound
        let start = min(part.lowerBound + shift, place.upperBound)
        self.append(part, at: start..<min(max(start, part.upperBound + shift), place.upperBound))
    }

    private mutating func append(_ span: Range<Int>, at place: Range<Int>) {
        let hash = self.lowered.withUnsafeBytes { bytes in
            bytes.baseAddress.map { ShingleHash.token($0 + span.lowerBound, count: span.count) }
                ?? 0
        }
        self.hashes.append(hash)
        self.places.append(place)
        self.isSign.append(false)
        self.spans.append(span)
    }
}
