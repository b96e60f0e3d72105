/// Drops sections whose heading says that they lead to other pages: "You may also like".
///
/// A section is the heading and what follows it in the same box, up to a heading of its rank or to
/// text without a link, where the article goes on.
func dropRelatedSections(
    in arena: inout HTMLArena,
    _ scanned: ScannedPage,
    _ statistics: [NodeStatistics],
    root: Int
) {
    var index = root + 1
    var proseBefore: Int32 = 0
    let end = Int(arena.nodes[root].end)
    while index < end {
        let node = arena.nodes[index]
        let own = statistics[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        if own.ownText > 0, own.ownText == own.textBytes, own.ownText <= 60, proseBefore > 0,
            node.tag != .li, node.tag != .td,
            isRelatedLabel(index, in: arena, scanned)
        {
            let section = sectionRange(of: index, in: arena, statistics, root: root)
            var cursor = section.lowerBound
            while cursor < section.upperBound {
                if !arena.nodes[cursor].signals.contains(.anchored) {
                    arena.nodes[cursor].isDropped = true
                }
                cursor = Int(arena.nodes[cursor].end)
            }
            index = max(index + 1, section.upperBound)
        } else {
            if own.isProse { proseBefore += own.ownText }
            index += 1
        }
    }
}

private func isRelatedLabel(
    _ index: Int,
    in arena: HTMLArena,
    _ scanned: ScannedPage
) -> Bool {
    let node = arena.nodes[index]
    if node.tag.isHeading, node.signals.contains(.related) { return true }
    guard let label = rawText(of: index, in: arena, scanned, limit: 60) else { return false }
    return RelatedLabels.shared.contains(foldedText(label))
}

/// The sibling nodes, from the label's on, that a label heads.
private func sectionRange(
    of label: Int,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics],
    root: Int
) -> Range<Int> {
    var start = label
    // A label alone in its box heads what follows the box.
    while Int(arena.nodes[start].parent) > root,
        statistics[Int(arena.nodes[start].parent)].textBytes == statistics[label].textBytes
    {
        start = Int(arena.nodes[start].parent)
    }
    let parentEnd = Int(arena.nodes[Int(arena.nodes[start].parent)].end)
    let level = arena.nodes[label].tag.headingLevel
    var end = Int(arena.nodes[start].end)
    var linkBytes: Int32 = 0
    var linklessCount = 0
    while end < parentEnd, linklessCount < 16 {
        let node = arena.nodes[end]
        let own = statistics[end]
        if !node.isDropped, own.textBytes > 0 {
            if node.tag.isHeading, level > 0, node.tag.headingLevel <= level { break }
            if own.linkBytes == 0, !own.holds.contains(.heading) { break }
            if level == 0, own.linkDensity < 0.5 { break }
            linkBytes += own.linkBytes
        }
        if linkBytes == 0 { linklessCount += 1 }
        end = Int(node.end)
    }
    // A label over nothing that leads elsewhere is a heading like others.
    return linkBytes > 0 ? start..<end : start..<start
}

/// What pages write above links to other pages.
private struct RelatedLabels: Sendable {
    static let shared = RelatedLabels()
    private let labels: Set<[UInt8]>

    private init() {
        self.labels = Set(Self.written.split(separator: "\n").map { foldedText(Array($0.utf8)) })
    }

    func contains(_ label: [UInt8]) -> Bool { self.labels.contains(label) }

    private static let written = """
        You may also like
        You might also like
        You may also be interested in
        You might be interested in
        You may like
        Related
        Related articles
        Related content
        Related coverage
        Related links
        Related news
        Related posts
        Related reading
        Related stories
        Related topics
        Related videos
        More
        More coverage
        More from
        More like this
        More news
        More on this story
        More on this topic
        More stories
        More to read
        Read also
        Read more
        Read next
        Also read
        Also on
        Up next
        What to read next
        Recommended
        Recommended for you
        Recommended reading
        Recommended stories
        Editor's picks
        Most popular
        Most read
        Most viewed
        Must read
        Don't miss
        Trending
        Trending now
        Popular posts
        Popular now
        Latest news
        Recent posts
        Sponsored links
        From around the web
        Das könnte Sie auch interessieren
        Das könnte dich auch interessieren
        Auch interessant
        Mehr zum Thema
        Lesen Sie auch
        Lesen Sie mehr
        Weitere Artikel
        Weitere Themen
        Ähnliche Artikel
        Ähnliche Beiträge
        Zum Thema
        Weiterlesen
        À lire aussi
        Lire aussi
        Sur le même sujet
        Sur le même thème
        Articles similaires
        Vous aimerez aussi
        Te puede interesar
        También te puede interesar
        Te puede gustar
        Lee también
        Noticias relacionadas
        Artículos relacionados
        Você pode gostar
        Você também pode gostar
        Leia também
        Leia mais
        Veja também
        Notícias relacionadas
        Artigos relacionados
        Posts relacionados
        Leggi anche
        Potrebbe interessarti
        Ti potrebbe interessare
        Articoli correlati
        Lees ook
        Lees meer
        Czytaj też
        Czytaj także
        Zobacz też
        Läs också
        Læs også
        Les også
        Baca juga
        Bunlar da ilginizi çekebilir
        Читайте также
        Похожие статьи
        Материалы по теме
        関連記事
        関連リンク
        おすすめ記事
        あわせて読みたい
        相关阅读
        相关文章
        相关新闻
        推荐阅读
        관련기사
        관련 기사
        """
}
