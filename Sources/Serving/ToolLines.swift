internal import Foundation
internal import Glibc

/// Messages and answers over standard input and output, a line each, until the input ends.
///
/// - Source: Model Context Protocol, revision 2025-06-18, transports, stdio.
func serveToolLines(_ tools: ToolServer, for caller: Principal) async {
    var pending: [UInt8] = []
    var isOverlong = false
    while let piece = await readPiece() {
        for byte in piece {
            guard byte == UInt8(ascii: "\n") else {
                if pending.count < tools.limits.bodyBytes {
                    pending.append(byte)
                } else {
                    isOverlong = true
                }
                continue
            }
            // What is cut short is no JSON any more, and is answered as such.
            if isOverlong { pending = [0x7B] }
            if !pending.allSatisfy({ $0 <= 0x20 }),
                let answer = await tools.answer(Data(pending), for: caller)
            {
                guard writeLine(answer) else { return }
            }
            pending.removeAll(keepingCapacity: true)
            isOverlong = false
        }
    }
}

/// The next bytes of standard input; nil at its end.
private func readPiece() async -> [UInt8]? {
    await withCheckedContinuation { continuation in
        // A read that waits for a person must not hold a thread of the tasks.
        DispatchQueue.global().async {
            let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                var result = 0
                repeat {
                    result = read(0, buffer.baseAddress, buffer.count)
                } while result < 0
                    && errno == EINTR
                count = max(0, result)
            }
            continuation.resume(returning: piece.isEmpty ? nil : piece)
        }
    }
}

/// False where nobody reads any more.
private func writeLine(_ bytes: [UInt8]) -> Bool {
    let line = bytes + [UInt8(ascii: "\n")]
    var written = 0
    while written < line.count {
        let count = line.withUnsafeBytes {
            write(1, $0.baseAddress.map { $0 + written }, $0.count - written)
        }
        if count < 0, errno != EINTR { return false }
        written += max(0, count)
    }
    return true
}
