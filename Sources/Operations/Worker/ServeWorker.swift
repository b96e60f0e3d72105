internal import CProcess
internal import Glibc

/// The `worker` verb: keeps standard output for frames, whatever a library may print.
///
/// Descriptors that this process inherited are closed first, before a library can have opened its own.
package func serveWorker() throws {
    cprocess_die_with_parent()
    cprocess_close_descriptors_from(3)
    cprocess_bound_allocator()
    let output = dup(1)
    guard output >= 0 else { throw OperationError(.fatal, "standard output is closed") }
    dup2(2, 1)
    try runWorker(input: 0, output: output)
}
