package import Dataflow
internal import Formats
internal import Glibc
package import Redact

/// The key that a redact stage's variable holds; nil where the stage names none.
///
/// - Throws: ``StageConstructionError`` for a variable that is not set or too short to be a key.
package func pseudonymKey(
    of node: PlanNode,
    policy: RedactionPolicy
) throws(StageConstructionError) -> PseudonymKey? {
    let variable = node.parameters.string(RedactKey.keyVariable, default: "")
    func failure(_ message: String) -> StageConstructionError {
        StageConstructionError(stage: node.id, message: message)
    }
    guard !variable.isEmpty else {
        if !policy.needsKey { return nil }
        throw failure(
            "the policy makes pseudonyms; say with \(RedactKey.keyVariable) which environment "
                + "variable holds key '\(policy.keyID)'"
        )
    }
    guard let value = getenv(variable), strlen(value) > 0 else {
        throw failure("environment variable '\(variable)' is not set; it holds the policy's key")
    }
    let bytes = Array(String(cString: value).utf8)
    guard bytes.count >= keyByteCountMin else {
        throw failure(
            "the key in '\(variable)' has \(bytes.count) bytes; use \(keyByteCountMin) or more, "
                + "such as those of 'openssl rand -hex 32'"
        )
    }
    return PseudonymKey(id: policy.keyID, bytes: bytes)
}

private let keyByteCountMin = 16

/// The environment variables with secrets that the stages of a plan read.
package func secretVariables(of nodes: [PlanNode]) -> [String] {
    nodes.flatMap { node in
        [RedactKey.keyVariable, PDFOptions.passwordsKey.spec.name].compactMap {
            node.configuration[$0]?.stringValue
        }
    }
    .filter { !$0.isEmpty }
}
