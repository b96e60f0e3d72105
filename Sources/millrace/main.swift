internal import ArgumentParser
internal import Glibc

// A closed pipe is an error of one write, seen where it happens, not the end of the program.
signal(SIGPIPE, SIG_IGN)
// A crash may not write what this process holds, documents and secrets among it, to a file.
var noCoreFiles = rlimit(rlim_cur: 0, rlim_max: 0)
setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCoreFiles)
exit(runCommandLine(Array(CommandLine.arguments.dropFirst())))
