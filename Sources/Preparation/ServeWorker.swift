internal import CProcess
internal import Glibc

/// What the program `millrace-worker` does: answers frames on standard input until it is closed.
///
/// Standard output is kept for frames, whatever a library may print. Descriptors that this process
/// inherited are closed first, before a library can have opened its own.
/// - Output: the exit status. Why it ends is not told: a parser's complaint may quote the document.
public func serveWorker() -> Int32 {
    guard isatty(0) == 0 else {
        let text = "millrace-worker reads documents for millrace, which starts it\n"
        _ = text.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
        return 2
    }
    if CommandLine.arguments.dropFirst().first == ConverterProcess.word {
        cprocess_close_descriptors_from(3)
        return serveConverter()
    }
    cprocess_die_with_parent()
    cprocess_close_descriptors_from(3)
    cprocess_bound_allocator()
    let output = dup(1)
    guard output >= 0 else { return 1 }
    dup2(2, 1)
    do {
        try runWorker(input: 0, output: output)
        return 0
    } catch {
        return 1
    }
}
