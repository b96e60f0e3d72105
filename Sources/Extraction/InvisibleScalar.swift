/// How a code point is treated where it stands in a page's text.
enum InvisibleScalar {
    case visible
    case blank
    /// Changes the shape of its neighbours and has none of its own: joiners, variation selectors.
    case joining
    /// Harmless and without a mark of its own, such as a soft hyphen.
    case dropped
    /// Carries text or direction no reader sees: a known channel for prompt injection.
    case suspicious

    static func judge(_ value: UInt32) -> InvisibleScalar {
        switch value {
        case 0x09, 0x0A, 0x0C, 0x0D, 0x20, 0xA0, 0x2028, 0x2029: .blank
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x200B, 0x2060, 0xFEFF: .dropped
        case 0x202A...0x202E, 0x2061...0x2064, 0x2066...0x206F, 0xFFF9...0xFFFB: .suspicious
        case 0xE0000...0xE007F: .suspicious
        case 0x200C, 0x200D, 0xFE00...0xFE0F, 0xE0100...0xE01EF: .joining
        default: .visible
        }
    }
}
