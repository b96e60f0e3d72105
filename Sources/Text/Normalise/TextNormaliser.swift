#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Settings of ``TextNormaliser``.
package struct NormaliseOptions: Hashable, Sendable {
    /// Removes white space at line ends and shortens runs of blank lines to one.
    package var tidiesWhiteSpace: Bool

    package init(tidiesWhiteSpace: Bool = true) {
        self.tidiesWhiteSpace = tidiesWhiteSpace
    }
}

/// Brings UTF-8 text into the one form the later stages work on.
///
/// Ill-formed bytes become U+FFFD; the text is composed (NFC); line ends are U+000A; controls,
/// bidirectional controls and invisible code points are gone, but for joiners that change how a
/// word or an emoji is written; Unicode spaces are U+0020.
///
/// - Invariant: normalising twice changes nothing the second time.
/// - Source: Unicode 15 §3.9 (U+FFFD per maximal subpart), UAX #15 (NFC), UAX #9, UAX #31 §2.3.
package struct TextNormaliser: Sendable {
    package let options: NormaliseOptions

    package init(options: NormaliseOptions = NormaliseOptions()) {
        self.options = options
    }

    /// Appends the normalised form of `input` to `output` and adds what changed to `report`.
    ///
    /// - Complexity: O(n) in the bytes of `input`.
    package func normalise(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: inout [UInt8],
        report: inout NormaliseReport
    ) {
        self.normalise(
            input,
            tidy: self.options.tidiesWhiteSpace,
            into: &output,
            report: &report
        )
    }

    /// The normalised form of `text`, a title or metadata value: one line, no white space around it.
    package func normaliseLine(_ text: String, report: inout NormaliseReport) -> String {
        var output: [UInt8] = []
        var text = text
        text.withUTF8 { self.normalise($0, tidy: true, into: &output, report: &report) }
        for index in output.indices where output[index] == 0x0A || output[index] == 0x09 {
            output[index] = 0x20
        }
        let start = output.firstIndex { $0 != 0x20 } ?? output.endIndex
        return String(decoding: output[start...], as: UTF8.self)
    }

    /// Invariant: appends only whole, normalised code points; `output` before them is untouched.
    func normalise(
        _ input: UnsafeBufferPointer<UInt8>,
        tidy: Bool,
        joiners: JoinerPolicy = .keepWhereNeeded,
        into output: inout [UInt8],
        report: inout NormaliseReport
    ) {
        guard !input.isEmpty else { return }
        var pass = NormalisingPass(input: input, tidy: tidy, dropsJoiners: joiners == .drop)
        pass.run()
        report.add(pass.report)
        guard pass.needsComposition else {
            output.append(contentsOf: pass.written)
            return
        }
        let start = output.count
        appendComposed(pass.written, to: &output)
        guard !isEqual(output, from: start, to: pass.written) else { return }
        report.composed = true
        // Composition orders marks anew, and a joiner may have lost the neighbour it was kept for.
        guard pass.keptConditionally, joiners != .drop else { return }
        let composed = Array(output[start...])
        output.removeLast(composed.count)
        composed.withUnsafeBufferPointer {
            self.normalise(
                $0,
                tidy: tidy,
                joiners: joiners.next,
                into: &output,
                report: &report
            )
        }
    }
}

/// What a round does with joiners and selectors.
///
/// Each round may upset the next, and there are three at most: hostile text whose joiners are still
/// not settled after two loses them all.
enum JoinerPolicy {
    case keepWhereNeeded
    case keepWhereStillNeeded
    case drop

    var next: JoinerPolicy { self == .keepWhereNeeded ? .keepWhereStillNeeded : .drop }
}

private func isEqual(_ output: [UInt8], from start: Int, to text: UnsafeBufferPointer<UInt8>)
    -> Bool
{
    output.withUnsafeBytes { bytes in
        guard bytes.count - start == text.count, let left = bytes.baseAddress,
            let right = text.baseAddress
        else { return bytes.count == start && text.isEmpty }
        return memcmp(left + start, right, text.count) == 0
    }
}

extension NormaliseReport {
    mutating func add(_ other: NormaliseReport) {
        self.invalidBytes += other.invalidBytes
        self.controls += other.controls
        self.bidiControls += other.bidiControls
        self.invisibles += other.invisibles
        self.spaces += other.spaces
        self.composed = self.composed || other.composed
    }
}
