package import Dataflow
internal import Foundation
package import Redact

/// Why a policy cannot be used, and where in its file.
package struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Keys and places of lists from the top, such as `rules`, `2`, `kind`.
    package let path: [String]
    package let message: String
    /// The name that caused it, and those that may stand in its place.
    let unknown: UnknownName?

    package var description: String {
        self.path.isEmpty ? self.message : "\(self.path.joined(separator: ".")): \(self.message)"
    }
}

/// The policy that the value of a policy file says.
///
/// - Throws: ``PolicyError``, whose path a reader of the file turns into a line.
package func redactionPolicy(_ value: ConfigValue) throws(PolicyError) -> RedactionPolicy {
    do {
        return try JSONDecoder().decode(
            RedactionPolicy.self,
            from: try JSONEncoder().encode(value)
        )
    } catch let error as DecodingError {
        throw PolicyError(error)
    } catch {
        throw PolicyError("the policy cannot be read")
    }
}

extension PolicyError {
    /// What to print of it for its file.
    func diagnostic(in file: ConfigFile) -> Diagnostic {
        guard let unknown = self.unknown else {
            return file.diagnostic(at: self.path, self.message)
        }
        return file.diagnostic(
            at: self.path,
            self.message,
            name: unknown.name,
            candidates: unknown.known,
            listedAs: "known \(unknown.noun)s"
        )
    }

    fileprivate init(_ message: String) { self.init(path: [], message: message, unknown: nil) }

    fileprivate init(_ error: DecodingError) {
        switch error {
        case .dataCorrupted(let context): self.init(context, context.debugDescription)
        case .keyNotFound(let key, let context):
            self.init(context, "the key '\(key.stringValue)' is missing")
        case .typeMismatch(_, let context): self.init(context, "the value is of another type")
        case .valueNotFound(_, let context): self.init(context, "a value is missing")
        @unknown default: self.init("the policy cannot be read")
        }
    }

    private init(_ context: DecodingError.Context, _ message: String) {
        self.init(
            path: context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue },
            message: message,
            unknown: context.underlyingError as? UnknownName
        )
    }
}
