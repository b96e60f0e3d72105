import Glibc
import Preparation

// A closed pipe is an error of one write, seen where it happens, not the end of the program.
signal(SIGPIPE, SIG_IGN)
exit(serveWorker())
