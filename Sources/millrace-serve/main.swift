import Glibc
import Serving

exit(runServeProgram(Array(CommandLine.arguments.dropFirst())))
