internal import Bytes

/// What an element's tag, class, id, role and style say about its content.
struct ElementSignals: OptionSet, Sendable {
    let rawValue: UInt32

    /// Not shown to a reader of the page.
    static let hidden = ElementSignals(rawValue: 1 << 0)
    static let navigation = ElementSignals(rawValue: 1 << 1)
    static let footer = ElementSignals(rawValue: 1 << 2)
    static let sidebar = ElementSignals(rawValue: 1 << 3)
    static let share = ElementSignals(rawValue: 1 << 4)
    static let related = ElementSignals(rawValue: 1 << 5)
    static let promotion = ElementSignals(rawValue: 1 << 6)
    static let comments = ElementSignals(rawValue: 1 << 7)
    /// Author, date, tags: true of the page, but not its text.
    static let byline = ElementSignals(rawValue: 1 << 8)
    static let caption = ElementSignals(rawValue: 1 << 9)
    static let header = ElementSignals(rawValue: 1 << 10)
    /// A heading's own link or a listing's line numbers.
    static let apparatus = ElementSignals(rawValue: 1 << 11)
    /// The body of an article by name, such as `entry-content`.
    static let articleBody = ElementSignals(rawValue: 1 << 12)
    /// An article by name, such as `post`.
    static let article = ElementSignals(rawValue: 1 << 13)
    /// The page's main part, such as `id=main`.
    static let main = ElementSignals(rawValue: 1 << 14)
    /// Marked by itemprop as the article's body.
    static let markedBody = ElementSignals(rawValue: 1 << 15)
    /// The body of a page made by a documentation generator.
    static let documentation = ElementSignals(rawValue: 1 << 16)
    static let presentation = ElementSignals(rawValue: 1 << 17)
    static let author = ElementSignals(rawValue: 1 << 18)
    static let list = ElementSignals(rawValue: 1 << 19)
    static let dialog = ElementSignals(rawValue: 1 << 20)
    /// A subtitle set apart from the text, which often is the page's description.
    static let standfirst = ElementSignals(rawValue: 1 << 21)
    /// Marked by itemprop as the date of publication, or as the headline.
    static let published = ElementSignals(rawValue: 1 << 22)
    static let headline = ElementSignals(rawValue: 1 << 23)
    /// A footnote, and a link to one.
    static let note = ElementSignals(rawValue: 1 << 24)
    static let noteReference = ElementSignals(rawValue: 1 << 25)
    /// The page's JSON-LD has this text as its article's.
    static let anchored = ElementSignals(rawValue: 1 << 26)

    /// Hidden from sight by size, colour or place, or meant for screen readers.
    static let unseen = ElementSignals(rawValue: 1 << 27)
    /// Hidden from screen readers, which hides nothing from sight.
    static let muted = ElementSignals(rawValue: 1 << 28)
    /// Named like something that a click opens.
    static let pane = ElementSignals(rawValue: 1 << 29)
    static let tabPanel = ElementSignals(rawValue: 1 << 30)
    /// Called a part of the page's chrome by a name of its own, or by more than one name.
    static let certain = ElementSignals(rawValue: 1 << 31)

    /// What may not be meant to be read.
    static let unread: ElementSignals = [.hidden, .unseen, .muted, .apparatus]

    /// Signals worth keeping an otherwise meaningless inline element for.
    static let inlineKept: ElementSignals = [
        .hidden, .unseen, .muted, .navigation, .share, .related, .promotion, .comments, .apparatus,
        .byline,
        .author, .caption, .headline,
    ]

    /// Names of an article, its body or the page's main part.
    static let body: ElementSignals = [.markedBody, .articleBody, .article, .main]

    /// Parts of a page that are not its content.
    static let chrome: ElementSignals = [
        .navigation, .footer, .sidebar, .share, .related, .promotion, .comments, .dialog,
    ]
}

/// Reads signals out of class and id values, word by word.
///
/// Names are cut at punctuation, digits and inner capitals, so `postContent`, `post-content` and
/// `post__content` are one; a whole name is judged by the words it has.
struct SignalWords: Sendable {
    static let shared = SignalWords()

    /// What a word contributes: signals outright, or a part that counts in combination.
    private struct Meaning {
        var signals: ElementSignals = []
        var parts: Parts = []
    }

    private struct Parts: OptionSet {
        let rawValue: UInt16
        static let subject = Parts(rawValue: 1 << 0)
        static let body = Parts(rawValue: 1 << 1)
        static let main = Parts(rawValue: 1 << 2)
        /// A word that makes a name mean something beside the text: `post-title`.
        static let beside = Parts(rawValue: 1 << 3)
        static let screenReader = Parts(rawValue: 1 << 4)
        static let line = Parts(rawValue: 1 << 5)
        static let number = Parts(rawValue: 1 << 6)
        static let only = Parts(rawValue: 1 << 7)
        static let next = Parts(rawValue: 1 << 8)
        static let previous = Parts(rawValue: 1 << 9)
        static let right = Parts(rawValue: 1 << 10)
        static let column = Parts(rawValue: 1 << 11)
        static let element = Parts(rawValue: 1 << 12)
        static let unseen = Parts(rawValue: 1 << 13)
        /// A word of states and taxonomies: `has-paywall`, `category-newsletter`.
        static let state = Parts(rawValue: 1 << 14)
        static let builder = Parts(rawValue: 1 << 15)
    }

    private var meanings = WordMeanings(empty: Meaning())

    private init() {
        for (words, signals) in Self.signalWords { self.insert(words, Meaning(signals: signals)) }
        for (words, parts) in Self.partWords { self.insert(words, Meaning(parts: parts)) }
    }

    private mutating func insert(_ words: String, _ meaning: Meaning) {
        for word in words.split(separator: " ") {
            var word = word
            let key = word.withUTF8 { wordHash($0, from: 0, to: $0.count) }
            self.meanings.update(key) {
                $0.signals.formUnion(meaning.signals)
                $0.parts.formUnion(meaning.parts)
            }
        }
    }

    /// The signals of a class or id value.
    func signals(of value: UnsafeBufferPointer<UInt8>, isIdentifier: Bool) -> ElementSignals {
        var result: ElementSignals = []
        var index = 0
        while index < value.count {
            while index < value.count, isHTMLBlank(value[index]) { index += 1 }
            let start = index
            while index < value.count, !isHTMLBlank(value[index]) { index += 1 }
            guard index - start > 1 else { continue }
            let name = UnsafeBufferPointer(rebasing: value[start..<index])
            let found = self.signals(ofName: name, isIdentifier: isIdentifier)
            if !found.isDisjoint(with: .chrome), !result.isDisjoint(with: .chrome) {
                result.insert(.certain)
            }
            result.formUnion(found)
        }
        return result
    }

    private func signals(
        ofName name: UnsafeBufferPointer<UInt8>,
        isIdentifier: Bool
    ) -> ElementSignals {
        var signals: ElementSignals = []
        var parts: Parts = []
        var wordCount = 0
        var startsAtCapital = false
        var isGenerated = false
        var index = 0
        while index < name.count {
            let start = index
            index = Self.endOfWord(name, from: start)
            guard index == start else {
                let endsAtCapital = index < name.count && name[index].isASCIILetter
                wordCount += 1
                // `jpKwRZ` is no name; `sidebarLeft` is.
                if index - start <= 2, endsAtCapital || startsAtCapital { isGenerated = true }
                startsAtCapital = endsAtCapital
                if let meaning = self.meanings.find(wordHash(name, from: start, to: index)) {
                    signals.formUnion(meaning.signals)
                    parts.formUnion(meaning.parts)
                } else if index - start > 7, matches("related", name, at: start) {
                    // `relatedposts`, `relatedpoststitle` and every other word that begins so.
                    signals.insert(.related)
                }
                continue
            }
            startsAtCapital = false
            // What follows two hyphens is a variant of the block, not its name.
            let isHyphen = name[index] == UInt8(ascii: "-")
            if isHyphen, index > 0, name[index - 1] == name[index] { break }
            index += 1
        }
        // States, page builders, taxonomies and generated names say nothing of what is inside.
        if isGenerated || (wordCount > 1 && parts.contains(.state)) { return [] }
        if wordCount > 1, parts.contains(.builder) { signals.subtract([.sidebar, .list]) }
        if wordCount == 1, !signals.isDisjoint(with: .chrome) { signals.insert(.certain) }
        return Self.judge(signals, parts, wordCount: wordCount, isIdentifier: isIdentifier)
    }

    /// Where the letters end that begin at an index, or an inner capital begins another word.
    @inline(__always)
    private static func endOfWord(_ name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        var previousIsLower = false
        while index < name.count {
            let byte = name[index]
            guard byte.isASCIILetter else { break }
            // Of letters this bit tells the case.
            let isLower = byte & 0x20 != 0
            if previousIsLower, !isLower { break }
            previousIsLower = isLower
            index += 1
        }
        return index
    }

    private static func judge(
        _ found: ElementSignals,
        _ parts: Parts,
        wordCount: Int,
        isIdentifier: Bool
    ) -> ElementSignals {
        var signals = found
        // `overflow-hidden` and `hidden-xs` hide nothing from everyone.
        if wordCount > 1 { signals.subtract([.hidden, .unseen]) }
        if parts.isSuperset(of: [.screenReader]), parts.contains(.only) { signals.insert(.unseen) }
        // `element-invisible`: the same by another name.
        if parts.isSuperset(of: [.element, .unseen]), wordCount == 2 { signals.insert(.unseen) }
        if parts.isSuperset(of: [.line, .number]) { signals.insert(.apparatus) }
        if parts.isSuperset(of: [.next, .previous]) { signals.insert(.navigation) }
        if parts.isSuperset(of: [.right, .column]) { signals.insert(.sidebar) }
        let isPlain = signals.isDisjoint(with: Self.contradicting) && !parts.contains(.beside)
        guard isPlain else { return signals }
        if parts.isSuperset(of: [.subject, .body]) { signals.insert(.articleBody) }
        if parts.contains(.subject), !parts.contains(.body), wordCount <= 2 {
            signals.insert(.article)
        }
        if parts.contains(.main) || (isIdentifier && parts.contains(.body) && wordCount <= 2) {
            signals.insert(.main)
        }
        return signals
    }

    private static let contradicting: ElementSignals = ElementSignals.chrome.union([
        .byline, .caption, .header, .list,
    ])

    private static let signalWords: [(String, ElementSignals)] = [
        (
            """
            nav navbar navigation navi menu menus submenu mainmenu topmenu breadcrumb breadcrumbs \
            crumbs breadcrumbbar pagination pager paging paginator toolbar skiplink skiplinks sitemap \
            topbar navheader navfooter docnav megamenu sitenav mainnav subnav globalnav leftnav topnav \
            navbox navframe nextprev \
            prevnext jumpto searchform searchbox searchmenu searchbar prevlink nextlink nosearch \
            tagline
            """,
            .navigation
        ),
        ("footer colophon pagefooter sitefooter footerlinks foot subfooter impressum", .footer),
        (
            """
            sidebar sidebars sidenav aside rail widget widgets sphinxsidebar sphinxsidebarwrapper \
            rightbar leftbar rightrail sidecolumn sidecol secondary
            """,
            .sidebar
        ),
        (
            """
            share sharing shares shareable social socials sharedaddy addthis addtoany followus \
            facebook twitter whatsapp pinterest linkedin sharebar sharetools socialmedia shariff \
            sociable ssba sharethis bookmarks
            """,
            .share
        ),
        (
            """
            related relatedposts relatedarticles relatedcontent recommended recommendation \
            recommendations recommends recirc recirculation readmore morefrom outbrain taboola zergnet \
            trending popular mostread mostpopular upnext yarpp suggested suggestions similar \
            mostviewed editorspicks alsolike readnext
            """,
            .related
        ),
        (
            """
            ad ads advert adverts advertisement advertisements advertising adsense adslot adbox \
            adunit adwrapper dfp gpt sponsor sponsored sponsors promo promos promotion promotions \
            newsletter newsletters subscribe subscription signup donate donation cookie cookies \
            cookiebar consent gdpr popup paywall banner banners login signin optin mailchimp
            """,
            .promotion
        ),
        ("modal overlay lightbox dialog offcanvas tooltip popover rollover hovercard", .dialog),
        (
            "comment comments commentlist commentform disqus respond replies discussion kommentare",
            .comments
        ),
        (
            """
            byline bylines dateline timestamp tags taglist tagcloud postmeta entrymeta metadata \
            meta postinfo biography bio authorbox categories rating ratings votes credits credit \
            postdate pubdate published views dateposted
            """,
            .byline
        ),
        ("caption captions figcaption imagecaption wpcaption thumbcaption gallery", .caption),
        ("header masthead siteheader pageheader", .header),
        (
            """
            headerlink headeranchor permalink anchorlink linenos linenodiv gutter editsection \
            viewcode copybutton noprint
            """,
            .apparatus
        ),
        ("hidden hide invisible noscript", .hidden),
        ("visuallyhidden screenreader srt offscreen", .unseen),
        (
            """
            pane panel tabpanel tabpane tabcontent accordion collapse collapsible expandable faq \
            answer spoiler toggle
            """,
            .pane
        ),
        ("author authors auteur autor writer", .author),
        ("dek standfirst subhead subheading subheadline subheader subtitle blurb", .standfirst),
        ("archive teaser teasers list listing feed carousel slider slideshow grid cards", .list),
        (
            """
            articlebody articletext articlecontent postcontent entrycontent storybody storytext \
            storycontent postbody newsbody newstext newscontent bodytext bodycopy articlecopy \
            posttext blogcontent entrybody contentbody singlecontent
            """,
            .articleBody
        ),
        ("hentry blogpost newsarticle storyarticle", .article),
        ("maincontent mainbody pagecontent contentmain contentarea maintext", .main),
        (
            "documentwrapper bodywrapper rst doxygen javadoc docbook headerlink memproto memdoc memitem",
            .documentation
        ),
    ]

    private static let partWords: [(String, Parts)] = [
        ("article post entry story news blog single", .subject),
        ("body content contents text copy inhalt contenido contenu", .body),
        ("main primary", .main),
        (
            """
            title titles subtitle headline head heading img image images picture thumb thumbnail \
            photo date time info information excerpt summary item items card wrap tools tool \
            action actions links link count button btn icon more next prev previous bottom top media \
            video nav number category label hero kicker intro preview format type status tag \
            before after above below
            """,
            .beside
        ),
        ("no has is not with without non category taxonomy term format", .state),
        ("elementor wp vc pb fusion uk avia tatsu kadence kt et", .builder),
        ("sr reader visually", .screenReader),
        ("only hidden screen", .only),
        ("line", .line),
        ("number numbers nos no", .number),
        ("element", .element),
        ("hidden invisible", .unseen),
        ("next", .next),
        ("prev previous", .previous),
        ("right", .right),
        ("column col region", .column),
    ]
}
