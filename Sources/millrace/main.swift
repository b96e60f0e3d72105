internal import Console
internal import Glibc

prepareProcess()
exit(runCommandLine(Millrace.self, Array(CommandLine.arguments.dropFirst())))
