package import Dataflow
internal import Records

/// What extraction keeps of an HTML page, and how.
package struct HTMLOptions: FormatOptions, Hashable {
    package enum Content: String, Sendable, CaseIterable {
        /// The article, documentation or listing itself.
        case main
        /// Everything a reader sees, navigation included.
        case all
    }

    package typealias Links = LinkStyle

    package enum Boilerplate: String, Sendable, CaseIterable {
        case keep
        /// Blocks that many pages of a host share are left out of chunks.
        case host
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
    package var boilerplate = Boilerplate.keep

    package init() {}
}

extension HTMLOptions {
    private static let contentKey = ChoiceKey(
        "content",
        default: Content.main,
        summary: "Keep the main content only, or all visible text."
    )
    private static let hiddenKey = ChoiceKey(
        "hidden",
        default: Hidden.interactive,
        summary: "Keep what a control of the page opens, all hidden text, or none."
    )
    private static let boilerplateKey = ChoiceKey(
        "boilerplate",
        default: Boilerplate.keep,
        summary: "Keep blocks that many pages of a host share, or leave them out of chunks."
    )
    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)

    package static let descriptor = extractionStage(
        "extract-html",
        revision: 9,
        takes: [.html, .xhtml],
        keys: [
            contentKey.spec, LinkStyle.key.spec, hiddenKey.spec, boilerplateKey.spec,
            byteLimitKey.spec,
        ],
        summary: "The main content of an HTML page as Markdown with blocks."
    )

    package init(_ parameters: Parameters) {
        self.content = Self.contentKey.value(in: parameters)
        self.links = LinkStyle.key.value(in: parameters)
        self.hidden = Self.hiddenKey.value(in: parameters)
        self.boilerplate = Self.boilerplateKey.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
    }

    package var learnsBoilerplate: Bool { self.boilerplate == .host }
}
