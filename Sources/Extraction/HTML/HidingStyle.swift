/// Whether a style keeps its element's text from a reader of the page: not displayed, invisible,
/// transparent, without size, clipped away or placed off the screen.
///
/// - Source: CSS 2.2 §9 and §11 and the ways accessibility guides name for hiding text from sight.
func hidesContent(_ style: UnsafeBufferPointer<UInt8>) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: style.count) { compact in
        var count = 0
        for byte in style where !isHTMLBlank(byte) {
            compact[count] = byte
            count += 1
        }
        let packed = UnsafeBufferPointer(rebasing: compact[..<count])
        var facts = StyleFacts()
        var start = 0
        while start < count {
            let end = firstIndex(of: 0x3B, in: packed, from: start) ?? count
            if let colon = firstIndex(of: 0x3A, in: packed, from: start), colon < end {
                facts.note(
                    UnsafeBufferPointer(rebasing: packed[start..<colon]),
                    UnsafeBufferPointer(rebasing: packed[(colon + 1)..<end])
                )
            }
            start = end + 1
        }
        return facts.hide
    }
}

private struct StyleFacts {
    private var isHidden = false
    private var isTransparent = false
    private var isAnimated = false
    private var isCollapsed = false
    private var pixelSides = 0
    private var cutsOverflow = false

    /// Content that waits for its animation begins transparent, but is shown.
    var hide: Bool {
        self.isHidden || (self.isTransparent && !self.isAnimated)
            || (self.cutsOverflow && (self.isCollapsed || self.pixelSides == 2))
    }

    mutating func note(
        _ property: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) {
        func names(_ name: StaticString) -> Bool {
            property.count == name.utf8CodeUnitCount && matches(name, property, at: 0)
        }
        if names("display") {
            if matches("none", value, at: 0) { self.isHidden = true }
        } else if names("visibility") {
            if matches("hidden", value, at: 0) || matches("collapse", value, at: 0) {
                self.isHidden = true
            }
        } else if names("opacity") {
            if isZero(value) { self.isTransparent = true }
        } else if names("font-size") {
            if isZero(value) { self.isHidden = true }
        } else if names("text-indent") || names("left") || names("right") || names("top") {
            if isFarOff(value) { self.isHidden = true }
        } else if names("clip") {
            if matches("rect(0", value, at: 0) || matches("rect(1px", value, at: 0) {
                self.isHidden = true
            }
        } else if names("clip-path") {
            if matches("inset(50%", value, at: 0) || matches("inset(100%", value, at: 0) {
                self.isHidden = true
            }
        } else if names("height") || names("width") || names("max-height") || names("max-width") {
            if isZero(value) { self.isCollapsed = true }
            if value.count == 3, matches("1px", value, at: 0) { self.pixelSides += 1 }
        } else if names("overflow") {
            if matches("hidden", value, at: 0) { self.cutsOverflow = true }
        } else if contains("transform", property) || contains("transition", property)
            || contains("animation", property) || names("will-change")
        {
            self.isAnimated = true
        }
    }
}

/// `0`, `0px`, `.0`, `0.00em`; not `0.5`.
private func isZero(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    var hasDigit = false
    for byte in value {
        if byte == 0x30 {
            hasDigit = true
        } else if byte != 0x2E {
            return hasDigit && !(byte >= 0x31 && byte <= 0x39)
        }
    }
    return hasDigit
}

/// A negative offset no screen has: `-9999px`, `-999em`.
private func isFarOff(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard value.first == 0x2D else { return false }
    let digits = value.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
    return digits.count >= 4 || (digits.count == 3 && digits.first == 0x39)
}
