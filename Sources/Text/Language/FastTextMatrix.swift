#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A matrix in a fastText file: single floats, or codes of a product quantiser.
struct FastTextMatrix {
    private enum Layout {
        case dense(offset: Int)
        case quantised(codes: Int, quantiser: ProductQuantiser, norms: Norms?)
    }

    private struct Norms {
        var codes: Int
        var centroids: Int
    }

    private struct ProductQuantiser {
        static let centroidCount = 256
        var parts: Int
        var width: Int
        var lastWidth: Int
        var centroids: Int

        init(
            _ reader: inout FastTextReader,
            columns: Int
        ) throws(FastTextModel.FormatError) {
            let dimension = Int(try reader.int32())
            self.parts = Int(try reader.int32())
            self.width = Int(try reader.int32())
            self.lastWidth = Int(try reader.int32())
            guard dimension == columns, (1...columns).contains(self.parts),
                (1...columns).contains(self.width), (1...self.width).contains(self.lastWidth),
                (self.parts - 1) * self.width + self.lastWidth == columns
            else { throw FastTextModel.FormatError(message: "its quantiser is not sound") }
            self.centroids = try reader.skip(columns * Self.centroidCount, ofSize: 4)
        }
    }

    let rows: Int
    let columns: Int
    private let bytes: UnsafeRawBufferPointer
    private let layout: Layout

    init(
        _ reader: inout FastTextReader,
        isQuantised: Bool
    ) throws(FastTextModel.FormatError) {
        let hasNorms = isQuantised ? try reader.bool() : false
        let rows = try reader.int64()
        let columns = try reader.int64()
        guard rows >= 0, rows <= Int64(reader.bytes.count),
            (1...Int64(FastTextModel.dimensionLimit)).contains(columns)
        else { throw FastTextModel.FormatError(message: "a matrix is out of range") }
        self.rows = Int(rows)
        self.columns = Int(columns)
        self.bytes = reader.bytes
        guard isQuantised else {
            let offset = try reader.skip(self.rows * self.columns, ofSize: 4)
            self.layout = .dense(offset: offset)
            return
        }
        let codeCount = Int(try reader.int32())
        let codes = try reader.skip(codeCount)
        let quantiser = try ProductQuantiser(&reader, columns: self.columns)
        guard codeCount == self.rows * quantiser.parts else {
            throw FastTextModel.FormatError(message: "its codes do not fit its quantiser")
        }
        var norms: Norms?
        if hasNorms {
            let codes = try reader.skip(self.rows)
            norms = Norms(
                codes: codes,
                centroids: try ProductQuantiser(&reader, columns: 1).centroids
            )
        }
        self.layout = .quantised(codes: codes, quantiser: quantiser, norms: norms)
    }

    /// Adds a row to `vector`.
    func add(_ row: Int, to vector: inout [Float]) {
        self.forEachValue(of: row) { vector[$0] += $1 }
    }

    func dot(_ row: Int, _ vector: [Float]) -> Float {
        var sum: Float = 0
        self.forEachValue(of: row) { sum += vector[$0] * $1 }
        return sum
    }

    private func float(_ offset: Int) -> Float {
        Float(bitPattern: self.bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    private func forEachValue(of row: Int, _ body: (Int, Float) -> Void) {
        switch self.layout {
        case .dense(let offset):
            let start = offset + row * self.columns * 4
            for column in 0..<self.columns { body(column, self.float(start + column * 4)) }
        case .quantised(let codes, let quantiser, let norms):
            let norm = norms.map {
                self.float($0.centroids + Int(self.bytes[$0.codes + row]) * 4)
            }
            let centroidCount = ProductQuantiser.centroidCount
            for part in 0..<quantiser.parts {
                let code = Int(self.bytes[codes + row * quantiser.parts + part])
                let width =
                    part == quantiser.parts - 1 ? quantiser.lastWidth : quantiser.width
                let first = part * centroidCount * quantiser.width + code * width
                for index in 0..<width {
                    let value = self.float(quantiser.centroids + (first + index) * 4)
                    body(part * quantiser.width + index, (norm ?? 1) * value)
                }
            }
        }
    }
}

/// The Huffman tree of a model with hierarchical softmax, built from the counts of its labels.
struct FastTextTree {
    private struct Node {
        var count: Int64
        var left = -1
        var right = -1
    }

    private var nodes: [Node]
    private let labelCount: Int

    /// - Input: counts as the file has them, most frequent first.
    init(counts: [Int64]) {
        self.labelCount = counts.count
        self.nodes = counts.map { Node(count: $0) }
        self.nodes += Array(
            repeating: Node(count: 1_000_000_000_000_000),
            count: max(counts.count - 1, 0)
        )
        var leaf = counts.count - 1
        var inner = counts.count
        for index in counts.count..<self.nodes.count {
            func smallest() -> Int {
                if leaf >= 0, self.nodes[leaf].count < self.nodes[inner].count {
                    defer { leaf -= 1 }
                    return leaf
                }
                defer { inner += 1 }
                return inner
            }
            let left = smallest()
            let right = smallest()
            self.nodes[index] = Node(
                count: self.nodes[left].count + self.nodes[right].count,
                left: left,
                right: right
            )
        }
    }

    /// - Parameter score: of an inner node, counted from 0: the logit of going right.
    func probabilities(_ score: (Int) -> Float) -> [Float] {
        var reached = [Float](repeating: 0, count: self.nodes.count)
        reached[self.nodes.count - 1] = 1
        // A child comes before its parent.
        for index in stride(from: self.nodes.count - 1, through: self.labelCount, by: -1) {
            let right = logistic(score(index - self.labelCount))
            reached[self.nodes[index].right] = reached[index] * right
            reached[self.nodes[index].left] = reached[index] * (1 - right)
        }
        return Array(reached[..<self.labelCount])
    }
}

func logistic(_ value: Float) -> Float { 1 / (1 + exp(-value)) }

func softmax(_ values: [Float]) -> [Float] {
    let top = values.max() ?? 0
    let powers = values.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
}
