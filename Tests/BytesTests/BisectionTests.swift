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

    @Test(arguments: [0, 1, 2, 15, 16, 17, 18, 33, 100, 1_000])
    func fromWhateverGuessTheSameIsFound(count: Int) {
        for first in 0...count {
            for guess in [-1, 0, first - 17, first - 1, first, first + 1, first + 50, count, .max] {
                let found = lowerBound(of: count, near: guess) { index in
                    #expect((0..<count).contains(index))
                    return index >= first
                }
                #expect(found == first)
            }
        }
    }

    @Test func aGoodGuessTakesFewSteps() {
        let (count, first) = (1 << 40, 1 << 39 + 12_345)
        for distance in -60...60 {
            var calls = 0
            let found = lowerBound(of: count, near: first + distance) { index in
                calls += 1
                return index >= first
            }
            #expect(found == first)
            #expect(calls <= 12)
        }
    }
}
