/// What reading a PDF may cost, and how to open it.
package struct PDFOptions: Sendable {
    /// Pages past this are left out and counted as `truncated`.
    package var maximumPages: Int
    /// Text past this ends the document; counted as `truncated`.
    package var maximumTextBytes: Int
    /// Content stream operators one page may run.
    package var maximumPageOperators: Int
    /// Glyphs one page may show.
    package var maximumPageGlyphs: Int
    /// Form objects one page may draw: nested forms grow exponentially.
    package var maximumPageForms: Int
    /// Decoded content stream bytes of one page and its forms.
    package var maximumPageContentBytes: Int
    /// Tried in turn, as owner and as user password, when the file does not open without.
    package var passwords: [String]

    package init(
        maximumPages: Int = 20_000,
        maximumTextBytes: Int = 256 << 20,
        maximumPageOperators: Int = 5_000_000,
        maximumPageGlyphs: Int = 1_000_000,
        maximumPageForms: Int = 10_000,
        maximumPageContentBytes: Int = 64 << 20,
        passwords: [String] = []
    ) {
        self.maximumPages = maximumPages
        self.maximumTextBytes = maximumTextBytes
        self.maximumPageOperators = maximumPageOperators
        self.maximumPageGlyphs = maximumPageGlyphs
        self.maximumPageForms = maximumPageForms
        self.maximumPageContentBytes = maximumPageContentBytes
        self.passwords = passwords
    }
}
