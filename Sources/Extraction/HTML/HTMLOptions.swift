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

    package var content = Content.main
    package var links = Links.text
    /// The charset the source declared, if it did.
    package var declaredCharset: String?
    /// Largest page read, in bytes as given; a choice: what is larger is data, not a document.
    package var byteLimit = 64 << 20

    package init() {}
}
