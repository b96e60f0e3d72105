import Execution
import Testing
import WorkerMessages

@testable import Operations

/// A worker is taken only when it is of this very version.
@Suite struct WorkerVersionTests {
    private func description(of version: WorkerVersion, refusal: String? = nil) throws -> String {
        let child = try ScriptedWorker("")
        let greeting = try ScriptedWorker.greeting(
            WorkerReport(version: version, refusal: refusal)
        )
        let taking = "dd bs=65536 count=1 of=/dev/null 2>/dev/null"
        try child.replaceScript("#!/bin/sh\n\(taking)\n\(greeting)")
        let error = #expect(throws: WorkerError.self) {
            try child.worker().prepare(htmlRequest(smallPage))
        }
        return error?.description ?? ""
    }

    @Test func otherMessagesAreRefused() throws {
        var version = WorkerVersion.ofThisProgram
        version.messages += 1
        let text = try self.description(of: version)
        #expect(text.contains("speaks version \(version.messages) of the messages"))
        #expect(text.contains("swift build -c release --product millrace"))
    }

    @Test func aStageOfAnotherRevisionIsRefused() throws {
        var version = WorkerVersion.ofThisProgram
        version.stages["extract-html", default: 0] += 1
        #expect(try self.description(of: version).contains("revision of stage extract-html"))
        version = .ofThisProgram
        version.stages["extract-sgml"] = 1
        let text = try self.description(of: version)
        #expect(text.contains("extract-sgml is 1, this program's missing"))
    }

    @Test func whatItRefusesIsTold() throws {
        let text = try self.description(of: .ofThisProgram, refusal: "the sandbox changes PDFs")
        #expect(text.contains("takes no documents: the sandbox changes PDFs"))
    }

    @Test(arguments: [
        ("exit 0", WorkerError.Cause.didNotStart, 3),
        ("printf '\\2\\0\\0\\0\\0\\0\\0\\0{}'; exec sleep 60", .isNoWorker, 1),
    ])
    func otherProgramsAreNoWorkers(
        script: String,
        cause: WorkerError.Cause,
        starts: Int
    ) throws {
        let child = try ScriptedWorker("")
        try child.replaceScript("#!/bin/sh\necho started >> \"${0%/*}/starts\"\n\(script)")
        let error = #expect(throws: WorkerError.self) {
            try child.worker().prepare(htmlRequest(smallPage))
        }
        #expect(error?.cause == cause)
        #expect(child.starts == starts)
    }
}
