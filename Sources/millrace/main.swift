internal import Console
internal import Glibc
internal import Operations

prepareProcess()
tellOfRemoteWorkspaces { printError($0) }
exit(
    runCommandLine(Millrace.self, Array(CommandLine.arguments.dropFirst())) {
        try publishRemoteWorkspaces()
    }
)
