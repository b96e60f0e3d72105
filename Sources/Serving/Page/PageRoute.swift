internal import HTTPTypes

/// What the operator's page asks for, below `/ui`; it is no part of the API, and changes with the page.
enum PageRoute: Hashable, Sendable {
    case page, style, script, icon
    case session, runs, progress, failures, snapshots, search, rollback, retry
    case run(Int)
    case difference(Int, Int)

    /// The route of a path as it was sent; nil where it is none.
    ///
    /// Numbers are all that a path has in it.
    static func match(_ path: Substring) -> PageRoute? {
        switch path {
        case "/ui", "/ui/": return .page
        case "/ui/style.css": return .style
        case "/ui/script.js": return .script
        case "/ui/icon.svg": return .icon
        case "/ui/api/session": return .session
        case "/ui/api/runs": return .runs
        case "/ui/api/progress": return .progress
        case "/ui/api/failures": return .failures
        case "/ui/api/snapshots": return .snapshots
        case "/ui/api/search": return .search
        case "/ui/api/rollback": return .rollback
        case "/ui/api/retry": return .retry
        default: break
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 5, parts[1] == "ui", parts[2] == "api" else { return nil }
        let numbers = parts[4...].compactMap(Self.number)
        guard numbers.count == parts.count - 4 else { return nil }
        switch (parts[3], numbers.count) {
        case ("runs", 1): return .run(numbers[0])
        case ("diff", 2): return .difference(numbers[0], numbers[1])
        default: return nil
        }
    }

    private static func number(_ text: Substring) -> Int? {
        guard 1...9 ~= text.utf8.count, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return nil
        }
        return Int(text)
    }

    var method: HTTPRequest.Method {
        switch self {
        case .search, .rollback, .retry: .post
        default: .get
        }
    }

    /// The files of the page hold nothing of a workspace, so that anybody may load them and then say who they are.
    var isPublic: Bool { [.page, .style, .script, .icon].contains(self) }

    /// Whether it changes something.
    var isAction: Bool { self == .rollback || self == .retry }

    /// What stands for it in the log: no number of a run.
    var name: String {
        switch self {
        case .run: "/ui/api/runs/{n}"
        case .difference: "/ui/api/diff/{n}/{n}"
        case .page: "/ui"
        case .style: "/ui/style.css"
        case .script: "/ui/script.js"
        case .icon: "/ui/icon.svg"
        default: "/ui/api/\(self)"
        }
    }
}
