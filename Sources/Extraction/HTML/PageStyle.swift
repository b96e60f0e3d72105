internal import Bytes

/// What a page's own style sheets hide: evidence of text that no reader sees, no engine of CSS.
///
/// Selectors are read that are an element's name, class or id, or two of them, below elements by name
/// alone; what depends on a state, a neighbour or an attribute hides nothing here. A rule that shows
/// again under such a condition tells that the page opens what it hides.
///
/// - Complexity: O(n) in the bytes of the sheets, of which ``byteLimit`` are read.
struct PageStyle {
    private struct Rule {
        var selector: StyleSelector
        var signals: ElementSignals
        /// Where it stands: a later rule of the same selector replaces it.
        var position: Int
        var isReplaced = false
        /// Another rule shows the same under a condition: a control opens it.
        var isOpened = false
    }

    private var rules: [Rule] = []
    /// Rules by the hash of the first name of their selectors.
    private var rulesByName: [UInt64: [Int]] = [:]
    /// Names of what a checked box or a link within the page shows.
    private var openedNames: Set<UInt64> = []
    private var readCount = 0

    private static let byteLimit = 512 << 10
    private static let ruleLimit = 2_048

    var isEmpty: Bool { self.rules.isEmpty }

    /// Takes up a sheet.
    ///
    /// - Parameter hasScripts: the page has scripts, which fade in what begins transparent.
    mutating func read(_ sheet: UnsafeBufferPointer<UInt8>, hasScripts: Bool) {
        let rest = Self.byteLimit - self.readCount
        guard rest > 0 else { return }
        let sheet = UnsafeBufferPointer(rebasing: sheet.prefix(rest))
        let start = self.readCount
        self.readCount += sheet.count
        forEachStyleRule(in: sheet, conditions: .screen) { selectors, declarations in
            guard mayHide(declarations), self.rules.count < Self.ruleLimit else { return }
            let signals = hidingStyle(declarations, isAnimated: hasScripts)
            guard !signals.isEmpty else { return }
            self.add(selectors, signals, at: start + sheet.offset(of: declarations))
        }
        guard !self.rules.isEmpty else { return }
        forEachStyleRule(in: sheet, conditions: .anyButPrint) { selectors, declarations in
            guard mayShow(declarations), hidingStyle(declarations).isEmpty else { return }
            self.show(selectors, at: start + sheet.offset(of: declarations))
        }
    }

    private mutating func add(
        _ selectors: UnsafeBufferPointer<UInt8>,
        _ signals: ElementSignals,
        at position: Int
    ) {
        for part in selectors.split(separator: UInt8(ascii: ",")) {
            let selector = StyleSelector(UnsafeBufferPointer(rebasing: part))
            guard let name = selector.names.first, !selector.isConditional else { continue }
            self.rulesByName[name, default: []].append(self.rules.count)
            self.rules.append(Rule(selector: selector, signals: signals, position: position))
        }
    }

    private mutating func show(_ selectors: UnsafeBufferPointer<UInt8>, at position: Int) {
        for part in selectors.split(separator: UInt8(ascii: ",")) {
            let selector = StyleSelector(UnsafeBufferPointer(rebasing: part))
            for name in selector.names {
                if selector.isControl, self.openedNames.count < Self.ruleLimit {
                    self.openedNames.insert(name)
                }
                for index in self.rulesByName[name] ?? [] {
                    self.judge(index, by: selector, at: position)
                }
            }
        }
    }

    private mutating func judge(_ index: Int, by selector: StyleSelector, at position: Int) {
        let rule = self.rules[index]
        guard rule.selector.names.allSatisfy(selector.names.contains) else { return }
        if selector == rule.selector {
            if position > rule.position { self.rules[index].isReplaced = true }
        } else if !selector.isHover {
            self.rules[index].isOpened = true
        }
    }

    /// What the sheets say of an element.
    func signals(
        _ tag: HTMLTag,
        classes: UnsafeBufferPointer<UInt8>,
        identifier: UnsafeBufferPointer<UInt8>
    ) -> ElementSignals {
        var names: [UInt64] = []
        if !identifier.isEmpty {
            names.append(nameHash(UInt8(ascii: "#"), identifier[...]))
        }
        for name in classes.split(whereSeparator: isHTMLBlank).prefix(32) {
            names.append(nameHash(UInt8(ascii: "."), name))
        }
        let isOpened = names.contains(where: self.openedNames.contains)
        var signals: ElementSignals = []
        for name in names {
            for index in self.rulesByName[name] ?? [] where !self.rules[index].isReplaced {
                let rule = self.rules[index]
                guard rule.selector.tag == nil || rule.selector.tag == tag,
                    rule.selector.names.allSatisfy(names.contains)
                else { continue }
                signals.formUnion(isOpened || rule.isOpened ? [.hidden, .tabPanel] : rule.signals)
            }
        }
        return signals
    }
}

/// The last part of a selector, with what comes before it as a condition.
private struct StyleSelector: Equatable {
    private(set) var tag: HTMLTag?
    /// Hashes of its classes and ids, in the order written.
    private(set) var names: [UInt64] = []
    /// A state, an attribute, a neighbour or a name further out must fit too.
    private(set) var isConditional = false
    /// The condition is that a pointer or the keyboard is on it, as for menus and hints.
    private(set) var isHover = false
    /// The condition is a control's state: a checked box, the target of a link.
    private(set) var isControl = false

    private static let nameLimit = 3

    init(_ source: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < source.count {
            let byte = source[index]
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "#"):
                let end = endOfStyleName(source, from: index + 1)
                if self.names.count < Self.nameLimit {
                    self.names.append(nameHash(byte, source[(index + 1)..<end]))
                } else {
                    self.isConditional = true
                }
                index = max(end, index + 1)
            case UInt8(ascii: ":"), UInt8(ascii: "["):
                self.isConditional = true
                self.isHover =
                    self.isHover || matches("hover", source, at: index + 1)
                    || matches("focus", source, at: index + 1)
                self.isControl =
                    self.isControl || matches("checked", source, at: index + 1)
                    || matches("target", source, at: index + 1)
                index = self.endOfCondition(source, from: index + 1)
            case _ where isHTMLBlank(byte):
                index += 1
                self.enterNext(source, at: index)
            case UInt8(ascii: ">"), UInt8(ascii: "+"), UInt8(ascii: "~"):
                index += 1
                self.isConditional = true
                self.begin()
            default:
                let end = endOfStyleName(source, from: index)
                guard end > index, end - index <= 16 else {
                    self.isConditional = true
                    index = max(end, index + 1)
                    continue
                }
                self.tag = TagTable.shared.tag(named: TagName(source, from: index, to: end))
                index = end
            }
        }
    }

    /// After a blank: what stands before it is further out, unless nothing follows.
    private mutating func enterNext(_ source: UnsafeBufferPointer<UInt8>, at index: Int) {
        guard index < source.count, !isHTMLBlank(source[index]) else { return }
        if !self.names.isEmpty { self.isConditional = true }
        self.begin()
    }

    private mutating func begin() {
        self.tag = nil
        self.names = []
    }

    private func endOfCondition(_ source: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        var depth = 0
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            let isNext = isHTMLBlank(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "+")
            if depth <= 0, isNext || byte == UInt8(ascii: "~") { return index }
            index += 1
        }
        return index
    }
}

private func nameHash(_ kind: UInt8, _ name: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
    name.reduce(fnvStep(fnvBasis, kind)) { fnvStep($0, $1) }
}

private func endOfStyleName(_ source: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while index < source.count {
        let byte = source[index]
        let isDigit = byte >= 0x30 && byte <= 0x39
        guard
            byte.isASCIILetter || isDigit || byte >= 0x80 || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
        else { break }
        index += 1
    }
    return index
}

/// Whether declarations may hide their element, by the letters around their colons: most cannot, and
/// are looked at no further.
private func mayHide(_ declarations: UnsafeBufferPointer<UInt8>) -> Bool {
    var hasColor = false
    var hasBackground = false
    var index = 1
    while let colon = firstIndex(of: 0x3A, in: declarations, from: index) {
        index = colon + 1
        var next = index
        while next < declarations.count, isHTMLBlank(declarations[next]) { next += 1 }
        guard next < declarations.count else { return false }
        let value = declarations[next].asciiLowercased
        var last = colon - 1
        while last > 0, isHTMLBlank(declarations[last]) { last -= 1 }
        switch declarations[last].asciiLowercased {
        // display, visibility, opacity
        case UInt8(ascii: "y"): if "nhc0.".utf8.contains(value) { return true }
        // font-size
        case UInt8(ascii: "e"): if "012.".utf8.contains(value) { return true }
        // left, right, text-indent; top, clip
        case UInt8(ascii: "t"): if "-0".utf8.contains(value) { return true }
        case UInt8(ascii: "p"): if "-r".utf8.contains(value) { return true }
        // overflow; transform; clip-path
        case UInt8(ascii: "w"): if value == UInt8(ascii: "h") { return true }
        case UInt8(ascii: "m"): if value == UInt8(ascii: "s") { return true }
        case UInt8(ascii: "h"): if value == UInt8(ascii: "i") { return true }
        // color, background-color; background
        case UInt8(ascii: "r"):
            if "tr".utf8.contains(value) { return true }
            let isColor = last < 5 || declarations[last - 5] != UInt8(ascii: "-")
            hasColor = hasColor || isColor
            hasBackground = hasBackground || !isColor
        case UInt8(ascii: "d"): hasBackground = true
        default: break
        }
    }
    return hasColor && hasBackground
}

/// Whether declarations say anything of whether their element is seen.
private func mayShow(_ declarations: UnsafeBufferPointer<UInt8>) -> Bool {
    contains("display", declarations) || contains("visibility", declarations)
        || contains("opacity", declarations) || contains("height", declarations)
        || contains("left", declarations) || contains("position", declarations)
        || contains("font-size", declarations) || contains("color", declarations)
}
