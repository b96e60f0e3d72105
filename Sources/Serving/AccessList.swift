internal import Foundation
internal import Hashing
internal import MillraceSearch
internal import Operations
internal import Records
internal import Storage

/// Who may ask: the lines of a tokens file.
///
/// A line `{"name","sha256","roles","labels"}` is a bearer token, of which the file knows the hash alone; a line
/// `{"principal","roles","labels"}` says what the subject or a group of a JWT may do.
struct AccessList: Sendable {
    private struct Token: Sendable {
        let digest: [UInt8]
        let principal: Principal
    }

    private var tokens: [Token] = []
    private var grants: [String: Principal] = [:]

    var tokenCount: Int { self.tokens.count }
    var grantCount: Int { self.grants.count }

    private static let fileByteCountMax = 16 << 20

    /// - Throws: ``OperationError`` `.configuration` that names the first line which is not as it should be; never
    ///   a hash.
    init(path: String) throws {
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, maximumBytes: Self.fileByteCountMax)
        } catch {
            throw OperationError(.configuration, error.message)
        }
        try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
    }

    init(text: String, path: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (offset, line) in lines.enumerated() {
            let line = line.trimmingCharacters(in: .whitespacesAndNewlines)
            guard !line.isEmpty else { continue }
            do {
                try self.add(line)
            } catch let problem as LineProblem {
                throw OperationError(.configuration, "\(path):\(offset + 1): \(problem.message)")
            }
        }
    }

    /// The caller who presents `token`; nil for nobody.
    ///
    /// - Complexity: O(tokens): every hash is compared whole, so that time tells nothing of any.
    func principal(token: String) -> Principal? {
        let digest = sha256(token).bytes
        var found: Int?
        for (index, candidate) in self.tokens.enumerated() {
            var difference: UInt8 = 0
            for place in digest.indices { difference |= digest[place] ^ candidate.digest[place] }
            if difference == 0 { found = index }
        }
        return found.map { self.tokens[$0].principal }
    }

    /// What a JWT's subject and groups may do together; nil where none of them is listed.
    func principal(subject: String, groups: [String]) -> Principal? {
        let granted = ([subject] + groups.map { "group:" + $0 }).compactMap { self.grants[$0] }
        guard let first = granted.first else { return nil }
        var labels: Set<String>? = first.access.labels
        var roles = first.roles
        for grant in granted.dropFirst() {
            roles.formUnion(grant.roles)
            if let more = grant.access.labels { labels?.formUnion(more) } else { labels = nil }
        }
        return Principal(
            name: isPlainName(subject) ? subject : "jwt",
            roles: roles,
            access: labels.map { .labels($0) } ?? .everything
        )
    }

    private struct LineProblem: Error { let message: String }

    private struct Line: Decodable {
        var name: String?
        var sha256: String?
        var principal: String?
        var roles: [String]
        var labels: [String]?
    }

    private mutating func add(_ text: String) throws {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else {
            throw LineProblem(
                message: "not a JSON object with \"name\", \"sha256\", \"roles\" and \"labels\"; "
                    + "'millrace token new NAME' prints one"
            )
        }
        let roles = try line.roles.map { word in
            guard let role = Role(rawValue: word) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw LineProblem(message: "there is no role '\(word)'; there are \(known)")
            }
            return role
        }
        let labels = line.labels ?? []
        guard labels.allSatisfy(isLabel) else {
            throw LineProblem(message: "a label is empty or holds a control character")
        }
        switch (line.name, line.sha256, line.principal) {
        case (let name?, let hash?, nil):
            guard isPlainName(name) else {
                throw LineProblem(message: "a name has 1 to 64 letters, digits and . _ - @")
            }
            guard let digest = Digest(hex: hash) else {
                throw LineProblem(message: "\"sha256\" of '\(name)' is not 64 hexadecimal digits")
            }
            self.tokens.append(
                Token(
                    digest: digest.bytes,
                    principal: Principal(name: name, roles: Set(roles), labels: labels)
                )
            )
        case (nil, nil, let principal?) where !principal.isEmpty:
            self.grants[principal] = Principal(name: principal, roles: Set(roles), labels: labels)
        default:
            throw LineProblem(message: "needs \"name\" and \"sha256\", or \"principal\" alone")
        }
    }
}
