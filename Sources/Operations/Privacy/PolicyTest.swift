internal import Dataflow
internal import Records
internal import Redact
internal import Stages

/// How a policy file does in its own cases.
package struct PolicyTestReport: Sendable, Codable {
    package struct Failure: Sendable, Codable {
        /// From 1, in the order of the file.
        package var number: Int
        package var line: Int
        package var text: String
        package var expected: String
        package var found: String
    }

    package var path: String
    package var name: String
    /// SHA-256 of what decides output; the name and the cases do not enter.
    package var hash: String
    package var kinds: [String]
    package var caseCount: Int
    package var failures: [Failure]
    /// What keeps kinds from being found, such as a table that is not there.
    package var warnings: [String]
}

/// Reads the policy at `path` and runs its cases.
///
/// - Throws: ``OperationError`` `.configuration` with the line of what a policy may not say.
package func testPolicy(path: String) throws -> PolicyTestReport {
    let file = try readPolicy(path)
    let failed = file.failedCases()
    let lacksNames = file.policy.needsNames && NameTableFile.table == nil
    return PolicyTestReport(
        path: path,
        name: file.policy.name,
        hash: file.policy.hash.hex,
        kinds: file.policy.kinds.map(\.rawValue).sorted(),
        caseCount: file.policy.cases.count,
        failures: failed.map { failure, place in
            let test = file.policy.cases[failure.index]
            return .init(
                number: failure.index + 1,
                line: place.line,
                text: test.text,
                expected: test.expected,
                found: failure.found
            )
        },
        warnings: lacksNames ? ["the table of names is missing: \(NameTableFile.remedy)"] : []
    )
}

func readPolicy(_ path: String) throws -> PolicyFile {
    do {
        return try PolicyFile(path: path)
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
}
