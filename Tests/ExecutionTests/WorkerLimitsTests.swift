import Execution
import Foundation
import Testing

@Suite struct WorkerLimitsTests {
    static let small = WorkerLimits(memoryBytes: 256 << 20, processorSecondsPerDocument: 60)

    @Test func anArrayThatCannotBeAllocatedEndsTheProcessWithTheStatusForMemory() async {
        await #expect(processExitsWith: .exitCode(WorkerLimits.outOfMemoryStatus)) {
            _ = Self.small.applyToProcess()
            var blocks: [[UInt8]] = []
            while true { blocks.append([UInt8](repeating: 1, count: 8 << 20)) }
        }
    }

    @Test func aCrashWithMemoryLeftIsACrash() async {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            _ = Self.small.applyToProcess()
            abort()
        }
    }

    @Test func aDocumentMayHaveLessMemoryThanTheProcessAndTheNextOneMore() async {
        await #expect(processExitsWith: .exitCode(42)) {
            _ = WorkerLimits(memoryBytes: 1 << 30).applyToProcess()
            WorkerLimits(memoryBytes: 128 << 20).renewForDocument()
            let isRefused = malloc(400 << 20) == nil
            WorkerLimits(memoryBytes: 1 << 30).renewForDocument()
            let block = malloc(400 << 20)
            exit(isRefused && block != nil ? 42 : 1)
        }
    }

    @Test func noFileCanGrow() async {
        await #expect(processExitsWith: .exitCode(42)) {
            signal(SIGXFSZ, SIG_IGN)
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("limit").path
            let file = open(path, O_CREAT | O_WRONLY, 0o600)
            unlink(path)
            _ = Self.small.applyToProcess()
            let count = write(file, "x", 1)
            exit(count == -1 && errno == EFBIG ? 42 : 1)
        }
    }

    @Test func processorTimeCountsFromTheDocumentOn() async {
        await #expect(processExitsWith: .signal(SIGXCPU)) {
            // As ``ChildProcess`` starts a worker: threads of Dispatch block this signal.
            var none = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, nil)
            _ = Self.small.applyToProcess()
            WorkerLimits(processorSecondsPerDocument: 0).renewForDocument()
            var value = 0
            while true { value &+= 1 }
        }
    }

    @Test(arguments: [(300.0, 30.0), (50.0, 10.0), (1.0, 1.0)])
    func aTryAfterATimeoutHasATenthOfTheTimeButNotTooLittle(deadline: Double, next: Double) {
        let limits = WorkerLimits(processorSecondsPerDocument: 60, deadlineSeconds: deadline)
        #expect(limits.afterTimeout.deadlineSeconds == next)
        #expect(limits.afterTimeout.processorSecondsPerDocument == 6)
        #expect(limits.afterTimeout.afterTimeout.deadlineSeconds <= next)
    }
}
