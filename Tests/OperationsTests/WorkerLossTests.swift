import Execution
import Foundation
import Records
import Testing
import WorkerMessages

@testable import Operations

/// What a child that misbehaves costs: its document, and never the parent.
@Suite struct WorkerLossTests {
    private struct Loss: Equatable {
        var code: StageFailure.Code?
        var attempts: Int
        var isQuarantined: Bool
    }

    private func loss(_ response: PrepareResponse) -> Loss {
        var code: StageFailure.Code?
        if case .failed(let failure) = response.outcome { code = failure.code }
        return Loss(code: code, attempts: response.attempts, isQuarantined: response.isQuarantined)
    }

    @Test(arguments: [
        ("kill -SEGV $$", StageFailure.Code.crashed),
        ("exit 3", .crashed),
        ("exit \(WorkerLimits.outOfMemoryStatus)", .outOfMemory),
        ("kill -XCPU $$", .timedOut),
        // Garbage where an answer should be; and an answer that ends in the middle.
        ("printf '\\3\\0\\0\\0\\0\\0\\0\\0abc'; exec sleep 60", .crashed),
        ("printf '\\3\\0\\0\\0\\0\\0\\0\\0a'", .crashed),
    ])
    func aDocumentThatCostsItsWorkerIsTriedThreeTimesThenQuarantined(
        script: String,
        code: StageFailure.Code
    ) throws {
        let child = try ScriptedWorker(script)
        let response = try child.worker().prepare(htmlRequest(smallPage))
        #expect(self.loss(response) == Loss(code: code, attempts: 3, isQuarantined: true))
        #expect(child.starts == 3)
    }

    @Test(arguments: ["kill -STOP $$", "exec sleep 60"])
    func aHangCostsOneDeadlineAndTwoShortOnes(script: String) throws {
        let child = try ScriptedWorker(script)
        let worker = try child.worker(limits: WorkerLimits(deadlineSeconds: 0.3))
        // More than a pipe holds, so that a stopped child blocks the write.
        let request = htmlRequest([UInt8](repeating: 32, count: 3 << 20))
        let response = try worker.prepare(request)
        #expect(self.loss(response) == Loss(code: .timedOut, attempts: 3, isQuarantined: true))
    }

    @Test func anAnswerOverTheLimitIsADeadLetterAtOnce() throws {
        let child = try ScriptedWorker("printf '\\0\\0\\1\\0\\0\\0\\0\\0'; exec sleep 60")
        let limits = WorkerLimits(deadlineSeconds: 30, answerBytesMaximum: 65_535)
        let response = try child.worker(limits: limits).prepare(htmlRequest(smallPage))
        #expect(self.loss(response) == Loss(code: .limitExceeded, attempts: 1, isQuarantined: true))
        #expect(child.starts == 1)
    }

    @Test(.enabled(if: WorkerBinary.isBuilt, WorkerBinary.absence))
    func anAccidentIsForgottenWhenTheNextTrySucceeds() throws {
        let child = try ScriptedWorker("")
        // The first process greets and dies; the second is a real worker.
        let script = """
            #!/bin/sh
            if [ -e "$0.second" ]; then exec \(WorkerBinary.path); fi
            : > "$0.second"
            dd bs=65536 count=1 of=/dev/null 2>/dev/null
            \(try ScriptedWorker.greeting())
            """
        try child.replaceScript(script)
        let worker = try child.worker()
        let response = try worker.prepare(htmlRequest(smallPage))
        #expect(self.loss(response) == Loss(code: nil, attempts: 2, isQuarantined: false))
        let next = try worker.prepare(htmlRequest(smallPage))
        #expect(self.loss(next) == Loss(code: nil, attempts: 1, isQuarantined: false))
    }

    @Test(.enabled(if: WorkerBinary.isBuilt, WorkerBinary.absence))
    func aDocumentOverItsMemoryIsOutOfMemoryAndTheNextOneIsRead() throws {
        let worker = try PrepareWorker(
            isolation: .process(WorkerProgram(path: WorkerBinary.path)),
            nodes: [htmlNode],
            wantsSignature: false,
            limits: WorkerLimits()
        )
        let paragraphs = String(repeating: "<p>Words and <b>more</b> words.</p>\n", count: 800_000)
        let large = htmlRequest(Array(paragraphs.utf8), memoryBytes: 96 << 20)
        #expect(
            self.loss(try worker.prepare(large))
                == Loss(code: .outOfMemory, attempts: 3, isQuarantined: true)
        )
        let next = try worker.prepare(htmlRequest(smallPage))
        #expect(self.loss(next) == Loss(code: nil, attempts: 1, isQuarantined: false))
    }
}
