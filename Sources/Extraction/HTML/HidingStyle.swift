internal import Bytes

/// Whether a style keeps its element's text from a reader of the page: not displayed, invisible or
/// folded, which a script may change; or transparent, tiny, in the colour of its background, clipped
/// away or placed off the screen.
///
/// - Parameter isAnimated: a script of the page shows the element as it is scrolled to.
/// - Source: CSS 2.2 §9 and §11 and the ways accessibility guides name for hiding text from sight.
func hidingStyle(
    _ style: UnsafeBufferPointer<UInt8>,
    isAnimated: Bool = false
) -> ElementSignals {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: style.count) { compact in
        var count = 0
        for byte in style where !isHTMLBlank(byte) {
            compact[count] = byte
            count += 1
        }
        let packed = UnsafeBufferPointer(rebasing: compact[..<count])
        var facts = StyleFacts(isAnimated: isAnimated)
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
        return facts.signals
    }
}

private struct StyleFacts {
    private var isHidden = false
    private var isTransparent = false
    private var isAnimated: Bool
    private var isCollapsed = false
    private var pixelSides = 0
    private var cutsOverflow = false

    private var isUnseen = false
    private var color: UInt32?
    private var background: UInt32?

    init(isAnimated: Bool) { self.isAnimated = isAnimated }

    /// Content that waits for its animation begins transparent, but is shown.
    var signals: ElementSignals {
        var signals: ElementSignals = []
        if self.isHidden || (self.cutsOverflow && self.isCollapsed) { signals.insert(.hidden) }
        let hasNoColor = self.color != nil && self.color == self.background
        if self.isUnseen || hasNoColor || (self.isTransparent && !self.isAnimated)
            || (self.cutsOverflow && self.pixelSides == 2)
        {
            signals.insert(.unseen)
        }
        return signals
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
            if isTiny(value) { self.isUnseen = true }
        } else if names("color") {
            self.color = colorValue(value)
            if matches("transparent", value, at: 0) || hasNoAlpha(value) { self.isUnseen = true }
        } else if names("background") || names("background-color") {
            self.background = colorValue(value)
        } else if names("text-indent") || names("left") || names("right") || names("top") {
            if isFarOff(value) { self.isUnseen = true }
        } else if names("clip") {
            if matches("rect(0", value, at: 0) || matches("rect(1px", value, at: 0) {
                self.isUnseen = true
            }
        } else if names("clip-path") {
            if matches("inset(50%", value, at: 0) || matches("inset(100%", value, at: 0) {
                self.isUnseen = true
            }
        } else if names("height") || names("width") || names("max-height") || names("max-width") {
            if isZero(value) { self.isCollapsed = true }
            if value.count == 3, matches("1px", value, at: 0) { self.pixelSides += 1 }
        } else if names("overflow") {
            if matches("hidden", value, at: 0) { self.cutsOverflow = true }
        } else if names("transform"), matches("scale(0)", value, at: 0) {
            self.isUnseen = true
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

/// A size of type that nobody reads: up to 2 pixels, or a seventh of its surroundings'.
private func isTiny(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    if isZero(value) { return true }
    var hundredths = 0
    var place = 100
    var index = 0
    var isFraction = false
    while index < value.count, hundredths < 1_000_000 {
        let byte = value[index]
        if byte == UInt8(ascii: ".") {
            isFraction = true
        } else if byte >= 0x30, byte <= 0x39 {
            if isFraction {
                place /= 10
                hundredths += Int(byte - 0x30) * place
            } else {
                hundredths = hundredths * 10 + Int(byte - 0x30) * 100
            }
        } else {
            break
        }
        index += 1
    }
    guard index > 0 else { return false }
    if matches("px", value, at: index) || matches("pt", value, at: index) {
        return hundredths <= 200
    }
    if matches("em", value, at: index) || matches("rem", value, at: index) {
        return hundredths <= 14
    }
    return matches("%", value, at: index) && hundredths <= 1_400
}

/// `rgba(0,0,0,0)`, `hsla(0,0%,0%,0.0)`, `rgb(0 0 0/0)`.
private func hasNoAlpha(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard matches("rgb", value, at: 0) || matches("hsl", value, at: 0),
        let last = value.lastIndex(where: { $0 == 0x2C || $0 == 0x2F })
    else { return false }
    let hasAlpha = value[last] == 0x2F || value.count { $0 == 0x2C } == 3
    return hasAlpha && isZero(UnsafeBufferPointer(rebasing: value[(last + 1)...]))
}

/// `#rgb`, `#rrggbb`, `rgb(r,g,b)`, `white` and `black` as a number; nil for what is written otherwise.
private func colorValue(_ value: UnsafeBufferPointer<UInt8>) -> UInt32? {
    if matches("white", value, at: 0) { return 0xFFFFFF }
    if matches("black", value, at: 0) { return 0 }
    if matches("rgb(", value, at: 0) { return rgbValue(value) }
    guard value.first == UInt8(ascii: "#") else { return nil }
    var color: UInt32 = 0
    var count = 0
    for byte in value.dropFirst() {
        guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, count < 6 else { break }
        color = color << 4 | UInt32(digit)
        count += 1
    }
    if count == 6 { return color }
    guard count == 3 else { return nil }
    let (red, green, blue) = (color >> 8, color >> 4 & 0xF, color & 0xF)
    return red * 0x11_0000 + green * 0x1100 + blue * 0x11
}

/// The three numbers of `rgb(255,255,255)`; nil for shares and other forms.
private func rgbValue(_ value: UnsafeBufferPointer<UInt8>) -> UInt32? {
    let parts = value.dropFirst(4).prefix { $0 != 0x29 }.split(separator: 0x2C)
    guard parts.count == 3 else { return nil }
    var color: UInt32 = 0
    for part in parts {
        guard !part.isEmpty, part.count <= 3, part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        color = color << 8 | min(255, part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) })
    }
    return color
}
