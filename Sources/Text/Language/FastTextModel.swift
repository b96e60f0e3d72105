/// A fastText classifier whose labels are languages, dense (`.bin`) or quantised (`.ftz`).
///
/// The file is used in place. Everything in it is checked before the first answer, so that no later
/// step can read beside it.
///
/// - Source: fastText (github.com/facebookresearch/fastText), file version 12; Joulin et al.,
///   "FastText.zip" (2016).
// The bytes are never written, and `owner` keeps them alive.
package struct FastTextModel: @unchecked Sendable {
    package struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
        package let message: String
        package var description: String { self.message }
    }

    enum Loss: Int32 {
        case hierarchical = 1
        case negativeSampling = 2
        case softmax = 3
        case oneVersusAll = 4
    }

    static let dimensionLimit = 2048
    static let labelLimit = 4096
    static let wordNgramLimit = 8
    static let subwordLimit = 16

    /// Without `__label__`, in the order of the file.
    package let labels: [String]
    let dimension: Int
    let loss: Loss
    let dictionary: FastTextDictionary
    let input: FastTextMatrix
    let output: FastTextMatrix
    let tree: FastTextTree
    private let owner: any Sendable & AnyObject

    /// - Input: `bytes` stay valid while `owner` lives.
    /// - Throws: ``FormatError``, which says what is wrong but names no file.
    /// - Complexity: O(words + labels + pruned n-grams); weights are not read.
    package init(
        _ bytes: UnsafeRawBufferPointer,
        owner: any Sendable & AnyObject
    ) throws(FormatError) {
        var reader = FastTextReader(bytes)
        guard try reader.int32() == 793_712_314 else {
            throw FormatError(message: "it is no fastText model")
        }
        guard try reader.int32() == 12 else {
            throw FormatError(message: "its format is not version 12")
        }
        var fields: [Int] = []
        for _ in 0..<12 { fields.append(Int(try reader.int32())) }
        _ = try reader.double()
        let dimension = fields[0]
        guard (1...Self.dimensionLimit).contains(dimension),
            (1...Self.wordNgramLimit).contains(fields[5]),
            let loss = Loss(rawValue: Int32(fields[6])), fields[7] == 3,
            (0...Int(Int32.max)).contains(fields[8]),
            (0...Self.subwordLimit).contains(fields[9]),
            (0...Self.subwordLimit).contains(fields[10])
        else { throw FormatError(message: "it is no classifier, or its settings are out of range") }
        self.dimension = dimension
        self.loss = loss
        let dictionary = try FastTextDictionary(
            &reader,
            wordNgrams: fields[5],
            bucketCount: fields[8],
            subwords: fields[9]...max(fields[9], fields[10]),
            usesSubwords: fields[10] > 0
        )
        self.dictionary = dictionary
        let isQuantised = try reader.bool()
        self.input = try FastTextMatrix(&reader, isQuantised: isQuantised)
        let isOutputQuantised = try reader.bool()
        self.output = try FastTextMatrix(&reader, isQuantised: isQuantised && isOutputQuantised)
        guard reader.isAtEnd else { throw FormatError(message: "it is longer than its matrices") }
        guard self.input.columns == dimension, self.output.columns == dimension,
            self.input.rows >= dictionary.rowLimit, self.output.rows == dictionary.labels.count
        else { throw FormatError(message: "its matrices do not fit its dictionary") }
        self.labels = dictionary.labels.map(\.name)
        self.tree = FastTextTree(counts: dictionary.labels.map(\.count))
        self.owner = owner
    }

    /// The probability of each label; nil for text in which the model knows nothing.
    ///
    /// - Complexity: O(n · longest subword · dimension + labels · dimension).
    package func probabilities(_ text: UnsafeBufferPointer<UInt8>) -> [Float]? {
        var hidden = [Float](repeating: 0, count: self.dimension)
        var count = 0
        self.dictionary.forEachRow(of: text) { row in
            self.input.add(row, to: &hidden)
            count += 1
        }
        guard count > 0 else { return nil }
        for index in hidden.indices { hidden[index] /= Float(count) }
        let answer =
            switch self.loss {
            case .hierarchical: self.tree.probabilities { self.output.dot($0, hidden) }
            case .softmax: softmax(self.labels.indices.map { self.output.dot($0, hidden) })
            case .negativeSampling, .oneVersusAll:
                self.labels.indices.map { logistic(self.output.dot($0, hidden)) }
            }
        return answer.allSatisfy(\.isFinite) ? answer : nil
    }
}
