internal import CProcess
internal import Glibc

extension Sandbox {
    /// Something a confined process must not be able to do, tried for real.
    package struct Probe: Codable, Hashable, Sendable {
        package var attempt: String
        package var isRefused: Bool
        /// The system's reason.
        package var detail: String
    }

    private static let attempts: [(name: String, attempt: cprocess_attempt)] = [
        ("read /etc/passwd", CPROCESS_READ_FILE),
        ("list /", CPROCESS_LIST_FOLDER),
        ("create a file", CPROCESS_CREATE_FILE),
        ("internet socket", CPROCESS_INTERNET_SOCKET),
        ("local socket", CPROCESS_LOCAL_SOCKET),
        ("signal the parent", CPROCESS_SIGNAL_PARENT),
        ("trace the parent", CPROCESS_TRACE),
        ("map executable memory", CPROCESS_MAKE_CODE),
        ("start a process", CPROCESS_START_PROCESS),
        ("run a program", CPROCESS_RUN_PROGRAM),
    ]

    /// Tries what ``enter(readableFolders:)`` forbids.
    ///
    /// Where running a program is not forbidden, this process ends: call it where that is an answer too.
    package static func probe() -> [Probe] {
        self.attempts.map { name, attempt in
            let failure = cprocess_attempt(attempt)
            return Probe(
                attempt: name,
                isRefused: failure != 0,
                detail: failure == 0 ? "possible" : String(cString: strerror(failure))
            )
        }
    }
}
