package import ArgumentParser
internal import Glibc
internal import Operations

/// What every program of ours does before anything else.
package func prepareProcess() {
    // A closed pipe is an error of one write, seen where it happens, not the end of the program.
    signal(SIGPIPE, SIG_IGN)
    // A crash may not write what this process holds, documents and secrets among it, to a file.
    var noCoreFiles = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCoreFiles)
}

/// Parses and runs `root`; returns the exit code.
///
/// What was printed has arrived, or the code is not 0.
///
/// - Parameter conclude: called after a command that did its work, whether all of it went well or not.
package func runCommandLine(
    _ root: any ParsableCommand.Type,
    _ arguments: [String],
    conclude: () throws -> Void = {}
) -> Int32 {
    let code = perform(root, arguments, conclude)
    releaseOutput(isForgotten: code == ExitStatus.clean.rawValue)
    let failure = outputFailure
    // A reader that has seen enough closes its pipe: that is no fault.
    guard failure != 0, failure != EPIPE, code == ExitStatus.clean.rawValue else { return code }
    printFailure(
        "standard output cannot be written: \(String(cString: strerror(failure)))",
        .fatal,
        arguments
    )
    return ExitStatus.fatal.rawValue
}

/// Usage errors are 2, not the parser's 64.
private func perform(
    _ root: any ParsableCommand.Type,
    _ arguments: [String],
    _ conclude: () throws -> Void
) -> Int32 {
    do {
        let command = try root.parseAsRoot(arguments)
        try run(command, conclude)
        return ExitStatus.clean.rawValue
    } catch let error as ExitStatus {
        return error.rawValue
    } catch let error as OperationError {
        printFailure(error.description, error.status, arguments)
        return error.status.rawValue
    } catch {
        let code = root.exitCode(for: error)
        let text = root.fullMessage(for: error)
        if code == .success {
            if !text.isEmpty { printLine(text) }
            return ExitStatus.clean.rawValue
        }
        let status = code == .validationFailure ? ExitStatus.configuration : .fatal
        printFailure(text, status, arguments)
        return status.rawValue
    }
}

private func run(_ command: any ParsableCommand, _ conclude: () throws -> Void) throws {
    var command = command
    do {
        try command.run()
    } catch let status as ExitStatus {
        if status.hasResult { try conclude() }
        throw status
    } catch let error as OperationError {
        if error.status.hasResult { try conclude() }
        throw error
    }
    try conclude()
}

extension ExitStatus {
    /// Whether a command that ends so has done what it could, and others may go on from it.
    fileprivate var hasResult: Bool {
        switch self {
        case .clean, .documentsFailed, .deletesHeld, .gateFailed, .budgetReached: true
        case .fatal, .configuration, .noSuchState, .locked, .newerVersion, .interrupted: false
        }
    }
}

/// What ended a command, for people, or with `--json` as one event on a line as progress has them.
private struct FailureEvent: Encodable {
    var event = "error"
    let code: String
    let exit: Int32
    let message: String
}

private func printFailure(_ message: String, _ status: ExitStatus, _ arguments: [String]) {
    let event = FailureEvent(code: status.name, exit: status.rawValue, message: message)
    let isJSON = arguments.prefix { $0 != "--" }.contains("--json")
    printError(
        isJSON
            ? (try? jsonLine(FormedObject(form: JSONForm("error"), value: event))) ?? message
            : message
    )
}
