import Testing

@testable import Bytes

@Suite struct BisectionTests {
    @Test(arguments: 0...17)
    func theFirstIndexIsFoundInFewSteps(count: Int) {
        for first in 0...count {
            var calls = 0
            let found = lowerBound(of: count) { index in
                calls += 1
                return index >= first
            }
            #expect(found == first)
            #expect(calls <= Int.bitWidth - count.leadingZeroBitCount)
        }
    }
}
