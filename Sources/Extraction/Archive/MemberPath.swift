internal import Bytes

/// A member's name as its document's URI ends: `a/b.pdf`.
///
/// A name is a key and never a path of this machine: what would lead out of the archive is taken away.
struct MemberPath {
    /// Empty for a name that says nothing.
    let text: String
    /// Whether the archive's own name is absolute, leads upwards or holds what no file's name has.
    let isUnsafe: Bool

    /// - Parameter name: in UTF-8, or in whatever the archive's maker wrote.
    init(_ name: [UInt8]) {
        let utf8 = decodedMemberName(name)
        let slashed = utf8.map { $0 == .backslash ? UInt8.slash : $0 }
        let steps = slashed.split(separator: .slash).map { Array($0) }
        let kept = steps.filter { $0 != dot && $0 != dotDot && !isDrive($0) }
            .map { $0.filter { $0 >= 0x20 && $0 != .delete } }.filter { !$0.isEmpty }
        self.text = String(decoding: Array(kept.joined(separator: [.slash])), as: UTF8.self)
        self.isUnsafe =
            slashed.first == .slash || steps.contains(dotDot) || steps.contains(where: isDrive)
            || utf8.contains { $0 < 0x20 || $0 == .delete }
    }

    /// What packers add for themselves: resource forks and folder settings.
    var isSystemFile: Bool {
        let steps = self.text.utf8.split(separator: .slash)
        guard let last = steps.last else { return false }
        return steps.first?.elementsEqual("__MACOSX".utf8) == true
            || systemNames.contains { last.elementsEqual($0.utf8) }
    }
}

private let dot: [UInt8] = [.fullStop]
private let dotDot: [UInt8] = [.fullStop, .fullStop]
private let systemNames = [".DS_Store", "Thumbs.db", "desktop.ini"]

private func isDrive(_ step: [UInt8]) -> Bool {
    step.count == 2 && step[0].isASCIILetter && step[1] == .colon
}

/// Zip names are in code page 437 where no flag says UTF-8 (APPNOTE 6.3.10, appendix D); many packers
/// write UTF-8 all the same.
private func decodedMemberName(_ name: [UInt8]) -> [UInt8] {
    let isUTF8 = name.withUnsafeBufferPointer { UTF8Shape($0).isValid }
    return isUTF8 ? name : decodedMailText(name, charset: "cp437").utf8
}
