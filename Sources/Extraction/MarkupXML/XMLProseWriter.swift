internal import Bytes
internal import Records

/// Writes XML that is prose: its names tell titles, lists, tables and listings.
struct XMLProseWriter {
    private let tree: XMLTree
    private(set) var blocks = BlockWriter()

    init(_ tree: XMLTree) { self.tree = tree }

    /// What an element's name says it is.
    private enum Role {
        case title, list, item, table, code, quote, inline, container
    }

    private static let roles: [String: Role] = {
        let names: [(Role, String)] = [
            (.title, "title head heading h1 h2 h3 h4 h5 h6 bridgehead caption subtitle"),
            (.list, "itemizedlist orderedlist list ul ol simplelist variablelist dl steps"),
            (.item, "listitem item li varlistentry dlentry member step"),
            (.table, "table informaltable simpletable"),
            (.code, "programlisting screen codeblock pre literallayout verbatim listing"),
            (.quote, "blockquote quote-block epigraph disp-quote"),
            (
                .container,
                "p para simpara section sect1 sect2 sect3 chapter note figure body abstract"
            ),
        ]
        var roles: [String: Role] = [:]
        for (role, list) in names {
            for name in list.split(separator: " ") { roles[String(name)] = role }
        }
        return roles
    }()

    private func role(of index: Int) -> Role {
        let node = self.tree.nodes[index]
        return Self.roles[node.name.lowercased()] ?? (node.name.isEmpty ? .inline : .container)
    }

    private func isBlock(_ index: Int) -> Bool {
        Self.roles[self.tree.nodes[index].name.lowercased()] != nil
    }

    mutating func writeChildren(of index: Int, level: Int) {
        let node = self.tree.nodes[index]
        guard node.hasText else {
            for child in self.tree.elements(of: index) { self.write(child, level: level) }
            return
        }
        // Lists and tables inside of a paragraph end it and begin another.
        var line: [UInt8] = []
        for child in self.tree.children(of: index) {
            if self.isBlock(child) {
                self.blocks.paragraph(oneLine(line))
                line.removeAll()
                self.write(child, level: level)
            } else {
                self.tree.appendText(of: child, to: &line)
            }
        }
        self.blocks.paragraph(oneLine(line))
    }

    private mutating func write(_ index: Int, level: Int) {
        switch self.role(of: index) {
        case .title: self.blocks.heading(self.tree.text(of: index), level: level)
        case .list: self.writeList(index)
        case .table: self.writeTable(index)
        case .code: self.blocks.code(self.tree.rawText(of: index))
        case .quote: self.blocks.quote(self.tree.text(of: index))
        case .item, .inline, .container:
            let hasTitle = self.tree.elements(of: index).contains { self.role(of: $0) == .title }
            self.writeChildren(of: index, level: hasTitle ? level + 1 : level)
        }
    }

    private mutating func writeList(_ index: Int) {
        var items: [BlockWriter.Item] = []
        self.collectItems(of: index, depth: 0, into: &items)
        self.blocks.list(items)
    }

    private func collectItems(of index: Int, depth: Int, into items: inout [BlockWriter.Item]) {
        let isNumbered = ["orderedlist", "ol", "steps"]
            .contains(self.tree.nodes[index].name.lowercased())
        var number = 0
        for child in self.tree.elements(of: index) {
            number += 1
            let place = items.count
            items.append(
                BlockWriter.Item(level: depth, number: isNumbered ? number : nil, text: [])
            )
            items[place].text = self.itemText(child, depth: depth, into: &items)
        }
    }

    /// The item's own text; lists in it become items below it.
    private func itemText(
        _ index: Int,
        depth: Int,
        into items: inout [BlockWriter.Item]
    ) -> [UInt8] {
        var text: [UInt8] = []
        for child in self.tree.children(of: index) {
            let inner = self.tree.nodes[child]
            if inner.name.isEmpty || self.tree.isRaised(child) {
                self.tree.appendText(of: child, to: &text)
            } else if self.role(of: child) == .list {
                self.collectItems(of: child, depth: depth + 1, into: &items)
            } else {
                if self.isBlock(child) { text.append(.space) }
                text += self.itemText(child, depth: depth, into: &items)
            }
        }
        return oneLine(text)
    }

    private mutating func writeTable(_ index: Int) {
        var rows: [[[UInt8]]] = []
        var next = index + 1
        while next < self.tree.nodes[index].end {
            let name = self.tree.nodes[next].name.lowercased()
            if ["title", "caption"].contains(name) {
                self.blocks.paragraph(self.tree.text(of: next), kind: .caption)
                next = self.tree.nodes[next].end
            } else if ["row", "tr", "strow", "sthead"].contains(name) {
                rows.append(self.tree.elements(of: next).map { self.tree.text(of: $0) })
                next = self.tree.nodes[next].end
            } else {
                next += 1
            }
        }
        self.blocks.table(TableWriter(rows: rows.filter { !$0.isEmpty }))
    }
}
