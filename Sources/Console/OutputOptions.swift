package import ArgumentParser
internal import Logging
package import Telemetry

/// How a command speaks.
package struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON instead of text.")
    package var json = false

    @Option(name: .long, help: "How log lines on standard error look: text or json.")
    package var logFormat: LogFormat = .text

    @Option(name: .long, help: "The least severe log lines to print: debug, info, warning, error.")
    package var logLevel: LogLevel = .error

    @Flag(name: .long, help: "Print nothing where the exit code is 0, as cron wants it.")
    package var onlyProblems = false

    package init() {}

    package func bootstrap() {
        bootstrapLogging(format: self.logFormat, level: self.logLevel.level)
        if self.onlyProblems { holdOutput() }
    }
}

extension LogFormat: ExpressibleByArgument {}

package enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case warning
    case error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}

/// Prints a report as JSON or as text, whichever was asked for.
package func printReport(
    _ report: some Encodable,
    _ form: JSONForm,
    as output: OutputOptions,
    text: () throws -> String
) throws {
    if output.json { try printJSON(report, form) } else { printLine(try text()) }
}
