internal import Glibc
internal import Operations

/// Becomes the program `name` beside this one, with `arguments`.
///
/// - Throws: ``OperationError`` `.configuration` where it cannot be started; otherwise it does not return.
func handOver(to name: String, _ arguments: [String]) throws {
    let path = programBeside(name)
    var words = ([name] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    execv(path, &words)
    throw OperationError(
        .configuration,
        "\(path) cannot be started: \(String(cString: strerror(errno))). In a checkout, "
            + "'swift build -c release --product millrace' builds it; elsewhere install "
            + "\(name) of the same release beside millrace"
    )
}
