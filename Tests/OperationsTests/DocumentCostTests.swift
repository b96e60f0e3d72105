import Records
import Testing

@testable import Operations

@Suite struct DocumentCostTests {
    private static let budget = 1 << 30

    @Test func aSmallDocumentMayUseItsWorkersShare() {
        let cost = DocumentCost(byteCount: 10_000, mediaType: .html)
        #expect(cost.childBytesMaximum(budgetBytes: Self.budget, workerCount: 2) == Self.budget / 2)
        #expect(cost.totalBytes < Self.budget / 8)
    }

    @Test(arguments: [0, 1, 1 << 20, 200 << 20, 1 << 30], [MediaType.html, .plain, .pdf])
    func noChildMayUseMoreThanTheBudgetLeaves(byteCount: Int, mediaType: MediaType) {
        let cost = DocumentCost(byteCount: byteCount, mediaType: mediaType)
        let limit = cost.childBytesMaximum(budgetBytes: Self.budget, workerCount: 2)
        #expect(limit + cost.parentBytes <= Self.budget || limit == 64 << 20)
        #expect(limit >= 64 << 20)
    }

    @Test func aNegativeSizeOfASourceThatDoesNotKnowItCostsAsMuchAsNone() {
        #expect(
            DocumentCost(byteCount: -1, mediaType: .pdf)
                == DocumentCost(byteCount: 0, mediaType: .pdf)
        )
    }
}
