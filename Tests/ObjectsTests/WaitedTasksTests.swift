import Objects
import Testing

@Suite struct WaitedTasksTests {
    private struct Planned: Error {}

    /// More tasks than there are threads for tasks wait on their threads, and what they wait for still runs.
    @Test func whatThreadsWaitForNeedsNoneOfThem() async {
        await withTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask {
                    (try? blocking { try await Self.slept(number) }) ?? -1
                }
            }
            var seen: Set<Int> = []
            for await number in group { seen.insert(number) }
            #expect(seen == Set(0..<64))
        }
    }

    private static func slept(_ number: Int) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await WaitedClock().sleep(for: .milliseconds(number % 7))
                return number
            }
            return try await group.next() ?? -1
        }
    }

    @Test func errorOfTheWorkIsThrown() {
        #expect(throws: Planned.self) {
            try blocking { () async throws(Planned) in throw Planned() }
        }
    }

    @Test func clockSleepsAsLongAsItIsTold() async throws {
        let clock = WaitedClock()
        let start = clock.now
        try await clock.sleep(for: .milliseconds(30))
        #expect(clock.now - start >= .milliseconds(30))
        try await clock.sleep(for: .seconds(-1))
    }

    @Test func cancelledSleepEnds() async {
        let task = Task { try await WaitedClock().sleep(for: .seconds(86_400)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let late = Task { try await WaitedClock().sleep(for: .seconds(86_400)) }
        try? await Task.sleep(for: .milliseconds(10))
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
    }
}
