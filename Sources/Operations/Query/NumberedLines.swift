internal import Foundation
internal import Storage

func readLines(_ path: String) throws -> [(number: Int, text: String)] {
    let bytes: [UInt8]
    do {
        bytes = try readFile(path, maximumBytes: 1 << 30)
    } catch {
        throw OperationError(.configuration, error.message)
    }
    return String(decoding: bytes, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
        .map { ($0.offset + 1, $0.element.trimmingCharacters(in: .whitespacesAndNewlines)) }
        .filter { !$0.text.isEmpty }
}
