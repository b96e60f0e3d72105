import Connectors
import Objects
import Records
import Testing

/// What stands around every source that may have to be asked again.
@Suite struct RetryingTests {
    private let memory = MemoryConnector()
    private var connector: any Connector {
        // The other tests may hold the machine for long.
        var policy = RetryPolicy()
        policy.maximumElapsed = .seconds(36_000)
        return RetryingConnector(self.memory, policy: policy, budget: RetryBudget())
    }

    init() { self.memory.put(["a": "1", "b": "2"]) }

    private func fault(_ code: ConnectorError.Code, after: Duration? = nil) -> ConnectorError {
        ConnectorError(code, path: "s", "planned", retryAfter: after)
    }

    @Test func faultsThatPassAreAskedAgain() async throws {
        self.memory.plan([
            self.fault(.throttled, after: .milliseconds(30)), self.fault(.transient), nil,
            self.fault(.transient),
        ])
        let start = ContinuousClock.now
        let page = try await self.connector.page(after: nil)
        #expect(page.items.count == 2)
        #expect(ContinuousClock.now - start >= .milliseconds(30))
        let document = try await self.connector.read(page.items[0], maximumBytes: 9)
        #expect(document.bytes == Array("1".utf8))
        #expect(self.memory.calls == 5)
    }

    static let lasting: [ConnectorError.Code] = [
        .gone, .forbidden, .tooLarge, .permanent, .unavailable, .configuration,
    ]

    @Test(arguments: lasting)
    func faultsThatDoNotPassAreNot(_ code: ConnectorError.Code) async throws {
        self.memory.plan([self.fault(code)])
        let error = await #expect(throws: ConnectorError.self) {
            try await self.connector.page(after: nil)
        }
        #expect(error?.code == code)
        #expect(self.memory.calls == 1)
    }

    /// A wait that the source asks for and that is too long ends the tries at once.
    @Test func waitOfADayIsNotWaited() async throws {
        self.memory.plan([self.fault(.throttled, after: .seconds(86_400))])
        let error = await #expect(throws: ConnectorError.self) {
            try await self.connector.page(after: nil)
        }
        #expect(error?.code == .throttled)
    }

    /// What was listed until credentials expire stands, and the rest is not taken for deleted.
    @Test func listingThatBreaksKeepsWhatItHad() throws {
        var many: [String: String] = [:]
        for number in 0..<30 { many["n\(number)"] = "text" }
        self.memory.put(many)
        self.memory.plan([nil, nil, self.fault(.forbidden)])
        var count = 0
        let outcome = try visitListing(of: self.connector) { _ in count += 1 }
        #expect(count == 2 * MemoryConnector.itemsOfPage)
        #expect(outcome.failure?.code == .forbidden)
        #expect(!outcome.isComplete && outcome.checkpoint == nil)
    }

    @Test func listingThatCannotBeginThrows() {
        self.memory.plan([self.fault(.unavailable)])
        let error = #expect(throws: ConnectorError.self) {
            try visitListing(of: self.connector) { _ in }
        }
        #expect(error?.code == .unavailable)
    }
}
