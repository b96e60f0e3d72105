internal import MillraceSearch

/// What a caller may do.
enum Role: String, Sendable, Codable, CaseIterable {
    /// Search, chunks, documents, snapshots, the tools of `/mcp`.
    case reader
    /// `/metrics`.
    case metrics
    /// Runs, failures and snapshots on the page at `/ui`, and what it can do: retry and roll back.
    case `operator`
}

/// Who asks, and what they may see.
struct Principal: Hashable, Sendable {
    /// For the access log and the rate.
    var name: String
    var roles: Set<Role>
    var access: Access

    /// Who can open a connection to a server without tokens: a user of this machine, who may see everything.
    static let local = Principal(name: "local", roles: Set(Role.allCases), access: .everything)

    /// Who has not said who they are, and sees nothing.
    static let nobody = Principal(name: "-", roles: [], labels: [])

    /// A label that stands for all of them.
    static let everyLabel = "*"

    init(name: String, roles: Set<Role>, access: Access) {
        self.name = name
        self.roles = roles
        self.access = access
    }

    init(name: String, roles: Set<Role>, labels: [String]) {
        self.init(
            name: name,
            roles: roles,
            access: labels.contains(Self.everyLabel) ? .everything : .labels(labels)
        )
    }
}
