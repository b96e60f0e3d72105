import Testing

@testable import Selftest

@Suite struct ShrinkTests {
    @Test func keepsWhatTheFailureNeedsAndNothingElse() {
        let found = shrink(Array(1...100), limit: 500) { $0.contains(17) && $0.contains(80) }
        #expect(found == [17, 80])
    }

    @Test func aFailureOfEverythingStaysWhole() {
        let all = Array(1...9)
        #expect(shrink(all, limit: 500) { $0 == all } == all)
    }

    @Test func asksNoMoreOftenThanAllowed() {
        var asked = 0
        _ = shrink(Array(1...64), limit: 10) { _ in
            asked += 1
            return false
        }
        #expect(asked == 10)
    }
}
