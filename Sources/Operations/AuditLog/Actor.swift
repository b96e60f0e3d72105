internal import Foundation
internal import Glibc

/// Who uses this process and from where, as the system tells it.
struct Actor: Hashable, Sendable {
    /// `user@host`; with the one who became it, as in `root (ada)@mill`.
    let who: String
    /// `ssh 10.0.0.7`, `terminal /dev/pts/3`, or the program that started this one.
    let from: String

    static func current() -> Actor {
        let environment = ProcessInfo.processInfo.environment
        let user = Self.userName(geteuid())
        let before = environment["SUDO_USER"].map { " (\(Self.plain($0)))" } ?? ""
        return Actor(
            who: "\(user)\(before)@\(Self.hostName())",
            from: Self.origin(environment)
        )
    }

    private static func userName(_ id: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 1 << 14)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name
        else { return "uid \(id)" }
        return String(cString: name)
    }

    private static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }

    private static func origin(_ environment: [String: String]) -> String {
        let address = environment["SSH_CONNECTION"]?.split(separator: " ").first
        if let address { return "ssh \(Self.plain(String(address)))" }
        var buffer = [CChar](repeating: 0, count: 256)
        if ttyname_r(0, &buffer, buffer.count) == 0 {
            let name = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            return "terminal " + String(decoding: name, as: UTF8.self)
        }
        let parent = getppid()
        let name = (try? String(contentsOfFile: "/proc/\(parent)/comm", encoding: .utf8)) ?? ""
        return "process \(parent) \(Self.plain(name))".trimmingCharacters(in: .whitespaces)
    }

    /// Of what others may set, only what a line can hold.
    private static func plain(_ text: String) -> String {
        String(text.filter { $0.isLetter || $0.isNumber || "._:-%".contains($0) }.prefix(64))
    }
}
