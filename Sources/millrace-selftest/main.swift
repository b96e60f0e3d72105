import Glibc
import SelftestCommands

exit(runSelftestProgram(Array(CommandLine.arguments.dropFirst())))
