internal import Vectors

/// Buffers for one vector on its way into the sections.
struct VectorScratch {
    /// The vector's bytes in the section of vectors.
    private(set) var stored: [UInt8] = []
    private(set) var codes: [UInt64] = []
    private(set) var factors: [Float] = []
    /// The bytes that say what the vector is.
    private(set) var identity: [UInt8] = []
    private var halves: [UInt16] = []
    private var values: [Float] = []

    /// Codes and factors come from what is stored, so that anyone can make them again.
    mutating func encode(
        _ vector: [Float],
        as encoding: VectorEncoding,
        with quantiser: BinaryQuantiser
    ) {
        self.codes.removeAll(keepingCapacity: true)
        self.factors.removeAll(keepingCapacity: true)
        self.stored.removeAll(keepingCapacity: true)
        self.identity.removeAll(keepingCapacity: true)
        self.values = vector
        switch encoding {
        case .none: return
        case .packed:
            self.values.withUnsafeBufferPointer {
                quantiser.pack(
                    $0,
                    codes: &self.codes,
                    factors: &self.factors,
                    row: &self.stored
                )
            }
            self.codes.withUnsafeBytes { self.identity.append(contentsOf: $0) }
            self.identity.append(contentsOf: self.stored)
            return
        case .float16:
            self.roundToHalves()
            self.halves.withUnsafeBytes { self.stored.append(contentsOf: $0) }
        case .float32: self.values.withUnsafeBytes { self.stored.append(contentsOf: $0) }
        }
        self.values.withUnsafeBufferPointer {
            quantiser.encode($0, codes: &self.codes, factors: &self.factors)
        }
        self.identity.append(contentsOf: self.stored)
    }

    private mutating func roundToHalves() {
        if self.halves.count != self.values.count {
            self.halves = [UInt16](repeating: 0, count: self.values.count)
        }
        self.values.withUnsafeMutableBufferPointer { values in
            self.halves.withUnsafeMutableBufferPointer { halves in
                HalfPrecision.encode(UnsafeBufferPointer(values), into: halves)
                HalfPrecision.decode(UnsafeBufferPointer(halves), into: values)
            }
        }
    }
}
