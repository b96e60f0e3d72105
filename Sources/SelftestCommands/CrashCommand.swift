internal import ArgumentParser
internal import Foundation
internal import Selftest

struct CrashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash",
        abstract: "A fault at every write, sync, rename and commit in turn, and the run after it."
    )

    @Option(name: .long, help: "Try every N-th operation; 1 tries all.")
    var stride: Int?

    @Option(name: .long, help: "Only a backfill, a sync, the same in items (work) or a reshard.")
    var phase: CrashPhase?

    @Option(
        name: .long,
        help: "Only kill, tear, power-cut, io-error, disk-full or short-write."
    )
    var fault: String?

    @Option(name: .long, help: "Only this operation, as a failure names it.")
    var number: Int?

    @Option(name: .long, help: "Cases at once.")
    var lanes: Int?

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws {
        var crash = CrashOptions()
        crash.stride = self.stride
        if let phase = self.phase { crash.phases = [phase] }
        if let fault = self.fault { try crash.restrict(toFault: fault) }
        crash.number = self.number
        crash.lanes = self.lanes ?? ProcessInfo.processInfo.activeProcessorCount
        try self.arguments.conclude { try selftestCrash($0, crash) }
    }
}

extension CrashPhase: ExpressibleByArgument {}
