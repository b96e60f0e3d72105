internal import Console

/// The program `millrace-serve`: parses and runs `arguments`; returns the exit code.
public func runServeProgram(_ arguments: [String]) -> Int32 {
    prepareProcess()
    return runCommandLine(ServeCommand.self, arguments)
}
