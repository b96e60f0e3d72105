internal import CProcess
internal import Execution
internal import Glibc

/// What this program does as the process beside a worker: runs converters, one at a time, until the
/// worker closes the pipe.
///
/// - Output: the exit status.
func serveConverter() -> Int32 {
    // Not for the converter, which would else hold the worker's pipe.
    let output = fcntl(1, F_DUPFD_CLOEXEC, 3)
    guard output >= 0, cprocess_adopt_orphans() == 0 else { return 1 }
    dup2(2, 1)
    umask(0o077)
    while let frame = try? Frame.read(from: 0) {
        do {
            try answer(to: frame).write(to: output)
        } catch {
            return 1
        }
    }
    return 0
}

private func answer(to frame: Frame) throws -> Frame {
    let request = try ConversionRequest.decode(frame)
    let bytes: [UInt8]
    do {
        bytes = try runConverter(request, on: frame.body, isAlone: isWorkerGone)
    } catch {
        return try ConversionAnswer(failure: error).frame()
    }
    return try ConversionAnswer().frame(bytes)
}

/// Whether nobody can write to the pipe of requests any more.
private func isWorkerGone() -> Bool {
    var request = pollfd(fd: 0, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLHUP) != 0
}
