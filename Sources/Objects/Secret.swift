internal import Foundation

/// A credential: where it comes from is configuration, what it is appears nowhere.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// What is sent to the server, and to nobody else.
    package let value: String

    package init(_ value: String) { self.value = value }

    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a credential is read from when a run starts.
package enum SecretOrigin: Hashable, Sendable {
    case environment(String)
    case file(String)
    /// A program and its arguments; what it prints, less the last line break.
    case command([String])
}

/// Why a credential could not be read; never what it is.
package struct SecretError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package var description: String { self.message }
}

extension SecretOrigin {
    package func read() throws(SecretError) -> Secret {
        switch self {
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
                throw SecretError(message: "the environment variable \(name) is not set")
            }
            return Secret(value)
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SecretError(message: "\(path): the file with the secret cannot be read")
            }
            return Secret(String(decoding: data, as: UTF8.self).trimmingSuffixNewlines())
        case .command(let words):
            return Secret(try output(of: words).trimmingSuffixNewlines())
        }
    }
}

private func output(of words: [String]) throws(SecretError) -> String {
    let failed = SecretError(message: "the command for the secret (\(words.first ?? "")) failed")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { throw failed }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, !data.isEmpty else { throw failed }
    return String(decoding: data, as: UTF8.self)
}

extension String {
    fileprivate func trimmingSuffixNewlines() -> String {
        String(self.reversed().drop { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }.reversed())
    }
}
