internal import Dataflow
internal import Execution
internal import Foundation
internal import Records

/// What a worker asks of the process beside it that runs the converter; the document is the frame's body.
struct ConversionRequest: Codable, Equatable {
    /// The converter, by its path.
    var program: String
    /// What it may read beside what every program may.
    var programFolder: String
    /// The ending of the document's name, which tells a converter its kind.
    var sourceEnding: String
    var targetEnding: String
    var secondsMaximum: Int
    /// The most bytes of the result, and of all files at any moment.
    var outputBytesMaximum: Int
    var folderBytesMaximum: Int

    func frame(_ bytes: [UInt8]) throws -> Frame {
        Frame(head: Array(try JSONEncoder().encode(self)), body: bytes)
    }

    static func decode(_ frame: Frame) throws -> ConversionRequest {
        try JSONDecoder().decode(ConversionRequest.self, from: Data(frame.head))
    }
}

/// The answer: the converted document as the frame's body, or why there is none.
struct ConversionAnswer: Codable, Equatable {
    struct Failure: Codable, Equatable, Error {
        var code: String
        var message: String

        init(_ code: StageFailure.Code, _ message: String) {
            self.code = code.rawValue
            self.message = message
        }

        var error: StageError {
            StageError(StageFailure.Code(rawValue: self.code) ?? .crashed, self.message)
        }
    }

    var failure: Failure?

    func frame(_ bytes: [UInt8] = []) throws -> Frame {
        Frame(head: Array(try JSONEncoder().encode(self)), body: bytes)
    }

    static func decode(_ frame: Frame) throws -> ConversionAnswer {
        try JSONDecoder().decode(ConversionAnswer.self, from: Data(frame.head))
    }
}
