internal import Execution
internal import Foundation
internal import Records

/// The process beside a confined worker that starts converters for it: this program again, with the
/// word ``word``, started before the worker gives up starting any.
///
/// It parses nothing. It ends when the worker does, however that ends, and takes with it the converter
/// and what that has written.
final class ConverterProcess: Sendable {
    static let word = "convert"

    private let child: ChildProcess

    /// - Throws: where the process cannot be started.
    init() throws {
        var environment = ["SWIFT_BACKTRACE": "enable=no"]
        for key in ["PATH", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR"] {
            environment[key] = ProcessInfo.processInfo.environment[key]
        }
        self.child = try ChildProcess(
            executable: Self.executable,
            arguments: [Self.word],
            environment: environment
        )
    }

    /// - Throws: what became of the conversion.
    func convert(_ bytes: [UInt8], _ request: ConversionRequest) throws(StageError) -> [UInt8] {
        let answer: ConversionAnswer
        let body: [UInt8]
        do {
            // The other side holds the time; this is for one that hangs itself.
            let frame = try self.child.call(
                request.frame(bytes),
                deadlineSeconds: Double(request.secondsMaximum) + 60
            )
            answer = try ConversionAnswer.decode(frame)
            body = frame.body
        } catch {
            throw StageError(.crashed, "the process that runs the converter has ended")
        }
        if let failure = answer.failure { throw failure.error }
        return body
    }

    /// The worker program: this one, or the one beside a program that tests it.
    private static var executable: String {
        let own = "/proc/self/exe"
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: own)) ?? own
        let name = "millrace-worker"
        guard !path.hasSuffix("/" + name) else { return own }
        return URL(filePath: path).deletingLastPathComponent().appending(path: name).path
    }
}
