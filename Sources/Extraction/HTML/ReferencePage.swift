internal import Bytes

/// Whether the content of `<meta name=generator>` is a program that makes documentation of sources or of
/// text files: such a page is text from end to end, but for the navigation around it.
func namesDocumentationTool(_ generator: UnsafeBufferPointer<UInt8>) -> Bool {
    documentationTools.contains { contains($0, generator) }
}

private let documentationTools: [StaticString] = [
    "antora", "asciidoc", "docbook", "docc", "docfx", "docusaurus", "docutils", "documenter.jl",
    "doxygen", "exdoc", "gi-docgen", "groff", "gtk-doc", "haddock", "hevea", "javadoc", "jazzy",
    "jsdoc", "latex2html", "latexml", "libreoffice", "makeinfo", "mandoc", "mdbook", "mkdocs",
    "openoffice", "org mode", "org-mode", "pandoc", "pdoc", "pod2html", "pod::", "publican", "rdoc",
    "rustdoc", "sphinx", "tex4ht", "texi2html", "typedoc", "vitepress", "vuepress", "yard ",
]

/// Whether the page says that somebody published it as an article: on a day, with remarks of readers, or
/// with calls to share it.
///
/// - Complexity: O(nodes).
func saysPublished(
    _ arena: HTMLArena,
    _ scanned: ScannedPage,
    _ source: [UInt8],
    _ linked: LinkedData,
    _ statistics: [NodeStatistics]
) -> Bool {
    let head = scanned.head
    guard linked.articleText.isEmpty, head.publishedTime.isEmpty, head.firstTime.isEmpty,
        !source.withUnsafeBufferPointer({ says($0, head.metas) })
    else { return true }
    return arena.nodes.indices.contains { index in
        let node = arena.nodes[index]
        guard !node.isDropped, statistics[index].textBytes > 0 else { return false }
        if !node.signals.isDisjoint(with: [.share, .published]) { return true }
        return node.tag.role == .box && node.signals.isSuperset(of: [.comments, .certain])
    }
}

/// Whether listings and terms that are defined make up a good part of a page: there the shortest lines
/// say the most, and what is learnt about articles does not hold.
///
/// - Complexity: O(nodes).
func readsLikeReference(_ arena: HTMLArena, _ statistics: [NodeStatistics]) -> Bool {
    var exact: Int64 = 0
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        let isExact = node.tag.isPreformatted || node.tag == .code || node.tag == .dt
        if isExact { exact += Int64(statistics[index].textBytes) }
        index = isExact || node.isDropped ? Int(node.end) : index + 1
    }
    return exact * 20 >= Int64(statistics[0].textBytes)
}

/// Whether the page's metas call it an article.
private func says(_ source: UnsafeBufferPointer<UInt8>, _ metas: [ScannedPage.Meta]) -> Bool {
    metas.contains { meta in
        let key = UnsafeBufferPointer(rebasing: source[meta.key.range])
        if key.count > 8, matches("article:", key, at: 0) { return true }
        return matches("og:type", key, at: 0)
            && contains("article", UnsafeBufferPointer(rebasing: source[meta.content.range]))
    }
}

/// All of a page of reference but its navigation: no line is too short there.
///
/// - Parameters:
///   - whole: statistics of the page before its navigation was dropped.
///   - shown: what was dropped by then.
func wholeContent(
    root: Int,
    in arena: inout HTMLArena,
    _ whole: [NodeStatistics],
    _ statistics: [NodeStatistics],
    _ shown: [Bool],
    _ hiddenCount: Int
) -> ContentSelection {
    if statistics[root].textBytes == 0, whole[0].textBytes > 0 {
        var fallback = allContent(of: &arena, whole, shown, hiddenCount)
        fallback.isDocumentation = true
        return fallback
    }
    let roots = headedBoxes(before: root, in: arena, statistics) + [root]
    return ContentSelection(
        roots: roots,
        statistics: statistics,
        hiddenCount: hiddenCount,
        removed: leftOut(of: arena, roots, whole, shown),
        isDocumentation: true
    )
}

/// The last boxes before the root that have a heading: the name of a manual's page stands there.
private func headedBoxes(
    before root: Int,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics]
) -> [Int] {
    guard root > 0 else { return [] }
    var boxes: [Int] = []
    var cursor = Int(arena.nodes[root].parent) + 1
    while cursor < root {
        let own = statistics[cursor]
        if !arena.nodes[cursor].isDropped, own.holds.contains(.heading),
            own.linkBytes * 2 < own.textBytes
        {
            boxes.append(cursor)
        }
        cursor = Int(arena.nodes[cursor].end)
    }
    return Array(boxes.suffix(4))
}

/// How many boxes with text are neither in the roots nor hidden, by kind.
private func leftOut(
    of arena: HTMLArena,
    _ roots: [Int],
    _ whole: [NodeStatistics],
    _ shown: [Bool]
) -> RemovedText {
    var removed = RemovedText()
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        let holdsRoot = roots.contains { index < $0 && $0 < Int(node.end) }
        let isInRoot = roots.contains { $0 <= index && index < Int(arena.nodes[$0].end) }
        if shown[index] || whole[index].textBytes == 0 {
            index = Int(node.end)
        } else if node.isDropped || !(holdsRoot || isInRoot) {
            removed.note(UnitContext(), node.signals)
            index = Int(node.end)
        } else {
            index += 1
        }
    }
    return removed
}
