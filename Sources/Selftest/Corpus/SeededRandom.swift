/// Numbers by seed, so that a failing case can be run again on any machine.
///
/// - Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { self.state = seed }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<count`.
    package mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "there is no number below \(count)")
        return Int(self.next() % UInt64(count))
    }

    package mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + self.below(range.count)
    }

    /// True in `percent` of a hundred cases.
    package mutating func chance(_ percent: Int) -> Bool { self.below(100) < percent }

    /// - Precondition: `values` is not empty.
    package mutating func pick<Element>(_ values: [Element]) -> Element {
        values[self.below(values.count)]
    }

    /// A generator of its own, so that what it is used for does not move what comes after.
    package mutating func split() -> SeededRandom { SeededRandom(seed: self.next()) }
}
