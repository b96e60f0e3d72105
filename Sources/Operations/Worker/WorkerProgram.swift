internal import Foundation

/// The program that reads documents: the only one with parsers in it.
package struct WorkerProgram: Sendable, Hashable {
    package static let name = "millrace-worker"
    package static let variable = "MILLRACE_WORKER"

    package let path: String

    package init(path: String) { self.path = path }

    /// The program that `MILLRACE_WORKER` names, or else the one beside the running program.
    ///
    /// - Throws: ``OperationError`` `.configuration` that says where it was looked for and how it is
    ///   built.
    package static func find() throws -> WorkerProgram {
        let named = ProcessInfo.processInfo.environment[self.variable] ?? ""
        let path = named.isEmpty ? programBeside(self.name) : named
        guard FileManager.default.isExecutableFile(atPath: path) else {
            let place = named.isEmpty ? "" : ", which \(self.variable) names"
            throw OperationError(
                .configuration,
                "there is no worker program at \(path)\(place); no document can be read without it. "
                    + self.remedy
            )
        }
        return WorkerProgram(path: path)
    }

    static let remedy =
        "In a checkout, 'swift build -c release --product millrace' builds all programs; elsewhere "
        + "install \(name) of the same release beside millrace, or name it in \(variable)"
}
