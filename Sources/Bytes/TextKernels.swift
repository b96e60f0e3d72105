internal import CKernels

/// Whether bytes are well-formed UTF-8.
///
/// - Source: The Unicode Standard, table 3-7.
package func isValidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.baseAddress.map { ck_utf8_is_valid($0, bytes.count) } ?? true
}

/// Whether composition to NFC may change a text: false where each code point is of a range whose NFC quick
/// check is "yes" and whose combining class is 0.
///
/// - Precondition: the text is well-formed UTF-8.
/// - Source: UAX #15, §9.
package func mayCompose(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.baseAddress.map { ck_may_compose($0, text.count) } ?? false
}

/// What bytes hold that no text does.
package struct ControlCounts {
    package let hasNUL: Bool
    /// Controls other than tabs, line ends, form feeds, backspaces and escapes; DEL is one.
    package let strange: Int
    /// Controls other than tabs and line feeds; DEL is one.
    package let untidy: Int

    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let counts = bytes.baseAddress.map { ck_controls($0, bytes.count) } ?? ck_controls_t()
        self.hasNUL = counts.has_nul
        self.strange = counts.strange
        self.untidy = counts.untidy
    }
}
