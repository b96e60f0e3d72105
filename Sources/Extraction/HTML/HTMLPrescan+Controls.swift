internal import Bytes

/// Elements whose content a reader sees only by way of a control, a script or a formula.
extension HTMLPrescan {
    /// A skipped element, or one of those that are read after all: a button that is part of a
    /// sentence or opens a section, a `noscript`, a declarative shadow root.
    mutating func readSkipped(_ tag: HTMLTag, from end: Int, isSelfClosing: Bool) -> Int {
        switch tag {
        case .button:
            return self.readButton(from: end, isSelfClosing: isSelfClosing)
        case .noscript where self.findEnd(of: .noscript, from: end) != nil:
            self.openBlock(.noscript, nameRange: .empty)
            return end
        case .template where self.attributes.has(.shadowrootmode):
            self.openBlock(.template, nameRange: .empty)
            return end
        default:
            return self.skip(tag, from: end, isSelfClosing: isSelfClosing)
        }
    }

    private mutating func readButton(from end: Int, isSelfClosing: Bool) -> Int {
        self.noteControls()
        // Folding sections put their headings into buttons.
        if self.open.last?.tag.isHeading == true { return end }
        guard let found = self.findEnd(of: .button, from: end) else {
            return self.skip(.button, from: end, isSelfClosing: isSelfClosing)
        }
        if self.isPartOfSentence(until: found.next) { return end }
        if self.open.last?.tag != .p, self.isOpener() {
            self.openBlock(.button, nameRange: .empty)
            return end
        }
        if found.content > end { self.scanned.controlCount += 1 }
        return found.next
    }

    /// Whether text stands before or after a button: on both sides, or within a paragraph on one.
    private func isPartOfSentence(until next: Int) -> Bool {
        var cursor = next
        while cursor < self.bytes.count, isHTMLBlank(self.bytes[cursor]) { cursor += 1 }
        let isBefore = self.scanned.text.count > self.blockStart
        let isAfter = cursor < self.bytes.count && self.bytes[cursor] != UInt8(ascii: "<")
        switch self.open.last?.tag {
        case .p, .li, .dd, .td, .th: return isBefore || isAfter
        default: return isBefore && isAfter
        }
    }

    /// Whether a control says that it opens something on this page.
    private func isOpener() -> Bool {
        if self.attributes.has(.ariaControls) || self.attributes.has(.ariaExpanded) { return true }
        if self.attributes.has(.dataTarget) || self.attributes.has(.dataBsTarget) { return true }
        let name = self.value(.class)
        return contains("accordion", name) || contains("collaps", name) || contains("faq", name)
            || contains("question", name)
    }

    /// Keeps the ids that a control names, to tell what it opens from what nobody can see.
    mutating func noteControls() {
        guard self.attributes.hasControls else { return }
        for attribute in [HTMLAttribute.ariaControls, .dataTarget, .dataBsTarget]
        where self.attributes.has(attribute) && self.scanned.controls.count < 4_096 {
            self.scanned.controls.append(self.attributes[attribute])
        }
    }

    /// Writes the state of a task at the beginning of its list item.
    mutating func markTask() {
        guard matches("checkbox", self.value(.type), at: 0), let last = self.open.last,
            last.tag == .li || (last.tag == .p && self.open.dropLast().last?.tag == .li),
            self.scanned.text.count == self.blockStart,
            // Those of forms have names.
            self.attributes.has(.disabled) || !self.attributes.has(.name)
        else { return }
        for byte in (self.attributes.has(.checked) ? "[x]" : "[ ]").utf8 { self.write(byte) }
        self.spaceIsPending = true
    }

    // MARK: Formulas

    /// Writes a formula as LaTeX between dollar signs and returns where the text goes on; nil where
    /// the element has no end.
    mutating func readMath(from start: Int) -> Int? {
        guard let found = self.findEnd(of: .math, from: start) else { return nil }
        let isDisplayed = matches("block", self.value(.display), at: 0)
        let markup = MathMarkup(UnsafeBufferPointer(rebasing: self.bytes[start..<found.content]))
        let written = withoutDisplayStyle(attributeText(self.value(.alttext)))
        let isTeX = !markup.isAnnotated && written.contains(UInt8(ascii: "\\"))
        let formula = isTeX ? written : markup.latex
        self.write(formula: formula, isDisplayed: isDisplayed)
        return found.next
    }

    /// - Parameter isDisplayed: the formula stands on a line of its own.
    mutating func write(formula: [UInt8], isDisplayed: Bool) {
        guard !formula.isEmpty else { return }
        self.writeStart(.span, as: .math, [], record: -1)
        let mark = isDisplayed ? "$$" : "$"
        for byte in mark.utf8 { self.write(byte) }
        self.scanned.text.append(contentsOf: formula)
        for byte in mark.utf8 { self.write(byte) }
        self.writeEnd(.span)
    }
}

extension HTMLTag {
    /// Of the skipped elements those that may be read.
    var isRead: Bool { self == .button || self == .noscript || self == .template }
}
