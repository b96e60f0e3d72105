/// How a page is extracted.
package struct HTMLOptions: Sendable, Hashable {
    package enum Content: String, Sendable, CaseIterable {
        /// The article, documentation or listing itself.
        case main
        /// Everything a reader sees, navigation included.
        case all
    }

    package enum Links: String, Sendable, CaseIterable {
        /// Only the text of a link.
        case text
        /// Markdown links with their targets as written.
        case urls
    }

    /// What becomes of text that the page hides until something happens.
    package enum Hidden: String, Sendable, CaseIterable {
        /// Left out, whatever opens it.
        case drop
        /// Kept where a control of the page opens it: tabs, folded answers, shadow roots.
        case interactive
        /// Kept, whatever hides it.
        case keep
    }

    package var content = Content.main
    package var links = Links.text
    package var hidden = Hidden.interactive
    /// The charset the source declared, if it did.
    package var declaredCharset: String?
    /// Largest page read, in bytes as given; a choice: what is larger is data, not a document.
    package var byteLimit = 64 << 20

    package init() {}
}
