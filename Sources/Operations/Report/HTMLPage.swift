/// A page that needs nothing beside itself: no script, no font, no address; readable on a phone, light and dark.
struct HTMLPage {
    private static let style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6470;--line:#d5dae0;--paper:#fff;--bar:#2f6db5;\
        --good:#23743a;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a0a8b2;--line:#3a414a;--paper:#15181c;\
        --bar:#7fb2ee;--good:#74c989;--bad:#ff8a80}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1rem;max-width:60rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);\
        background:var(--paper)}
        h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
        .soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}
        .wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
        th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .bar{display:block;height:.7rem;background:var(--bar);border-radius:2px;min-width:1px}
        svg{width:100%;height:auto}svg text{fill:var(--soft);font-size:11px}
        """

    let title: String
    private var body = ""

    init(title: String) { self.title = title }

    var text: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline'">
        <title>\(Self.escaped(self.title))</title><style>\(Self.style)</style></head>
        <body><h1>\(Self.escaped(self.title))</h1>
        \(self.body)</body></html>

        """
    }

    mutating func paragraph(_ text: String, isSoft: Bool = false) {
        self.body += "<p\(isSoft ? " class=\"soft\"" : "")>\(Self.escaped(text))</p>\n"
    }

    mutating func heading(_ text: String) { self.body += "<h2>\(Self.escaped(text))</h2>\n" }

    /// A cell of a table.
    enum Cell {
        case text(String)
        case number(String)
        case good(String)
        case bad(String)
        /// A bar of this share of the width, 0 to 1, which the text tells.
        case bar(Double, String)
    }

    mutating func table(_ heads: [String], _ rows: [[Cell]]) {
        self.body += "<div class=\"wide\"><table><thead><tr>"
        for (index, head) in heads.enumerated() {
            let isNumber = rows.first.map { row in
                if index < row.count, case .number = row[index] { true } else { false }
            }
            self.body +=
                "<th scope=\"col\"\(isNumber ?? false ? " class=\"n\"" : "")>\(Self.escaped(head))</th>"
        }
        self.body += "</tr></thead><tbody>\n"
        for row in rows {
            self.body += "<tr>\(row.map(Self.cell).joined())</tr>\n"
        }
        self.body += "</tbody></table></div>\n"
    }

    /// A line through points from left to right, with the first and the last value beside it.
    mutating func line(_ label: String, _ values: [Double], _ shown: (Double) -> String) {
        guard let first = values.first, let last = values.last, values.count > 1 else { return }
        let (width, height, margin) = (640.0, 120.0, 8.0)
        let top = max(values.max() ?? 1, 1e-9)
        let points = values.enumerated().map { index, value in
            let x = margin + (width - 2 * margin) * Double(index) / Double(values.count - 1)
            let y = height - margin - (height - 3 * margin) * value / top
            return "\(Self.rounded(x)),\(Self.rounded(y))"
        }
        let text = "\(label): \(shown(first)) to \(shown(last))"
        self.body += """
            <svg viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(Self.escaped(text))">\
            <polyline points="\(points.joined(separator: " "))" fill="none" stroke="var(--bar)" \
            stroke-width="2"/><text x="\(Int(margin))" y="12">\(Self.escaped(text))</text></svg>

            """
    }

    private static func cell(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): "<td>\(self.escaped(text))</td>"
        case .number(let text): "<td class=\"n\">\(self.escaped(text))</td>"
        case .good(let text): "<td class=\"good\">\(self.escaped(text))</td>"
        case .bad(let text): "<td class=\"bad\">\(self.escaped(text))</td>"
        case .bar(let share, let text):
            "<td>\(self.escaped(text))<span class=\"bar\" style=\"width:"
                + "\(self.rounded(100 * min(1, max(0, share))))%\"></span></td>"
        }
    }

    private static func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    /// Fit for text and for attributes; what has no place in a page goes.
    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case _ where scalar.properties.generalCategory == .control: output += " "
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
