internal import CProcess
internal import Glibc

/// The three channels between us and a program; its ends become its standard input, output and error.
struct ProgramPipes {
    typealias Ends = (own: Int32, child: Int32)

    private(set) var input: Ends = (-1, -1)
    private(set) var output: Ends = (-1, -1)
    private(set) var errors: Ends = (-1, -1)

    /// False with `errno` set.
    mutating func open(takesInput: Bool) -> Bool {
        var pair: [Int32] = [-1, -1]
        if takesInput {
            guard cprocess_pipe(&pair, 0) == 0 else { return false }
            self.input = (pair[1], pair[0])
        } else {
            self.input = (-1, Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC))
        }
        guard cprocess_pipe(&pair, 0) == 0 else { return false }
        self.output = (pair[0], pair[1])
        guard cprocess_pipe(&pair, 0) == 0 else { return false }
        self.errors = (pair[0], pair[1])
        return true
    }

    func closeChildEnds() {
        for end in [self.input.child, self.output.child, self.errors.child] where end >= 0 {
            close(end)
        }
    }

    func closeOwnEnds() {
        for end in [self.input.own, self.output.own, self.errors.own] where end >= 0 { close(end) }
    }
}

/// Starts a program in a group of its own; 0 or the system's error number.
///
/// - Parameter environment: `NAME=VALUE`; nil for this process's.
func spawn(
    _ command: [String],
    directory: String,
    environment: [String]? = nil,
    _ pipes: ProgramPipes,
    _ processID: inout pid_t
) -> Int32 {
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var variables = (environment ?? []).map { strdup($0) } + [nil]
    defer { for variable in variables { free(variable) } }
    func start(_ variables: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
        cprocess_spawn(
            &processID,
            directory,
            &arguments,
            variables,
            pipes.input.child,
            pipes.output.child,
            pipes.errors.child
        )
    }
    guard environment != nil else { return start(nil) }
    return variables.withUnsafeMutableBufferPointer { start($0.baseAddress) }
}
