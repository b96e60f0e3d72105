internal import Foundation
internal import Glibc
internal import Synchronization

/// The system's error number of the first write to standard output that failed, or 0.
private let firstOutputFailure = Mutex<Int32>(0)

package var outputFailure: Int32 { firstOutputFailure.withLock { $0 } }

/// What was printed since ``holdOutput()``; nil where nothing is held.
private let heldOutput = Mutex<[UInt8]?>(nil)

/// Keeps what is printed from now on until it is known how the command ends.
package func holdOutput() { heldOutput.withLock { $0 = [] } }

/// Ends ``holdOutput()``: writes what was printed, or forgets it.
package func releaseOutput(isForgotten: Bool) {
    let held = heldOutput.withLock { held in
        defer { held = nil }
        return held
    }
    if let held, !isForgotten { writeOutput(held) }
}

/// Writes a line to standard output at once, or holds it; what cannot be written shows in ``outputFailure``, where the
/// standard library's `print` would be silent.
package func printLine(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    let isHeld = heldOutput.withLock { held in
        held?.append(contentsOf: bytes)
        return held != nil
    }
    if !isHeld { writeOutput(bytes) }
}

private func writeOutput(_ bytes: [UInt8]) {
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes {
            write(1, $0.baseAddress.map { $0 + written }, $0.count - written)
        }
        if count >= 0 {
            written += count
        } else if errno != EINTR {
            let code = errno
            firstOutputFailure.withLock { if $0 == 0 { $0 = code } }
            return
        }
    }
}

/// Prints one JSON object on one line, which says its form.
///
/// - Precondition: `value` encodes as an object.
package func printJSON(_ value: some Encodable, _ form: JSONForm) throws {
    printLine(try jsonLine(FormedObject(form: form, value: value)))
}

/// One JSON object on one line, which says its form.
package func formedJSON(_ value: some Encodable, _ form: JSONForm) throws -> String {
    try jsonLine(FormedObject(form: form, value: value))
}

/// Prints an array of JSON objects on one line, each of which says its form.
package func printJSON(_ values: [some Encodable], each form: JSONForm) throws {
    printLine(try jsonLine(values.map { FormedObject(form: form, value: $0) }))
}

/// One JSON object on one line, keys sorted.
package func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Whether a person reads standard output on a terminal that shows bold letters (no-color.org says how to
/// ask for none).
package var isTerminalOutput: Bool {
    isatty(1) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
}

/// Writes a message for people to standard error.
package func printError(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
