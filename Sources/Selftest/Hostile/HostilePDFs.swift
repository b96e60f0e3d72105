internal import Foundation
internal import Storage

/// Hostile PDFs: loops, lies, nesting, and streams that expand.
func hostilePDFs(_ scale: Int) -> [HostileDocument] {
    let bomb = (1 << 28) / scale
    let deep = 100_000 / scale
    func times(_ text: String, _ count: Int) -> [UInt8] {
        Array(String(repeating: text, count: count).utf8)
    }
    let plain = hostilePDF("plain")
    return [
        hostilePDF("blanks-bomb", content: flateStream(times(" ", bomb))),
        hostilePDF(
            "text-bomb",
            content: flateStream(
                Array("BT /F1 1 Tf ".utf8) + times("(aaaaaaaaaaaaaaaa) Tj ", 2_000_000 / scale)
                    + Array("ET".utf8)
            )
        ),
        hostilePDF("operator-bomb", content: flateStream(times("q 1 0 0 1 0 0 cm ", bomb / 64))),
        hostilePDF("nested-bomb", content: nestedBomb(bomb)),
        hostilePDF("nested-content", content: flateStream(times("[", deep * 2))),
        hostilePDF("nested-dictionaries", extra: [times("<< /A ", deep) + times(">>", deep)]),
        hostilePDF("nested-arrays", extra: [times("[", deep) + times("]", deep)]),
        hostilePDF("pages-loop", pages: "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"),
        hostilePDF("pages-many", pages: "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"),
        hostilePDF("pages-negative", pages: "<< /Type /Pages /Kids [3 0 R] /Count -1 >>"),
        hostilePDF(
            "page-repeated",
            pages: "<< /Type /Pages /Count \(20_000 / scale) /Kids ["
                + String(repeating: "3 0 R ", count: 20_000 / scale) + "] >>"
        ),
        hostilePDF("form-loop", content: rawStream("/X0 Do"), extra: [form("/X0 Do", next: 6)]),
        hostilePDF(
            "form-bomb",
            content: rawStream("/X0 Do"),
            extra: (0..<12).map { level in
                form(
                    level < 11
                        ? String(repeating: "/X0 Do ", count: 10) : "BT /F1 9 Tf (boom) Tj ET",
                    next: 7 + level
                )
            }
        ),
        hostilePDF("length-of-itself", content: Array("<< /Length 4 0 R >>\nstream\nBT ET".utf8)),
        hostilePDF("empty-page", box: "[0 0 0 0]"),
        hostilePDF("huge-page", box: "[-1e30 0 1e30 9e9]"),
        HostileDocument(name: "xref-loop.pdf", bytes: withPreviousLoop(plain.bytes)),
        HostileDocument(name: "truncated.pdf", bytes: Array(plain.bytes.prefix(200))),
        HostileDocument(name: "no-tail.pdf", bytes: Array(plain.bytes.dropLast(60))),
        HostileDocument(name: "only-header.pdf", bytes: Array("%PDF-1.7\n".utf8)),
    ]
}

private func hostilePDF(
    _ name: String,
    content: [UInt8]? = nil,
    pages: String = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    box: String = "[0 0 612 792]",
    extra: [[UInt8]] = []
) -> HostileDocument {
    let page =
        "<< /Type /Page /Parent 2 0 R /MediaBox \(box) /Contents 4 0 R /Resources << /Font "
        + "<< /F1 5 0 R >> /XObject << /X0 6 0 R >> >> >>"
    let objects = [
        Array("<< /Type /Catalog /Pages 2 0 R >>".utf8), Array(pages.utf8), Array(page.utf8),
        content ?? rawStream("BT /F1 12 Tf 72 700 Td (A page that can be read.) Tj ET"),
        Array("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".utf8),
    ]
    return HostileDocument(
        name: "\(name).pdf",
        bytes: pdfFile(objects + (extra.isEmpty ? [form("", next: 6)] : extra))
    )
}

/// A form that may draw the form with the number `next`.
private func form(_ content: String, next: Int) -> [UInt8] {
    rawStream(
        content,
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> "
            + "/XObject << /X0 \(next) 0 R >> >>"
    )
}

private func rawStream(_ content: String, _ keys: String = "") -> [UInt8] {
    Array("<< \(keys) /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream".utf8)
}

private func flateStream(_ content: [UInt8], filters: String = "/FlateDecode") -> [UInt8] {
    stream(zlibStream(content), filters: filters)
}

private func nestedBomb(_ byteCount: Int) -> [UInt8] {
    let inner = zlibStream([UInt8](repeating: 0x20, count: byteCount))
    return stream(
        zlibStream(zlibStream(inner)),
        filters: "[/FlateDecode /FlateDecode /FlateDecode]"
    )
}

private func stream(_ bytes: [UInt8], filters: String) -> [UInt8] {
    Array("<< /Filter \(filters) /Length \(bytes.count) >>\nstream\n".utf8) + bytes
        + Array("\nendstream".utf8)
}

/// A zlib stream (RFC 1950): two bytes of header, raw DEFLATE, Adler-32.
private func zlibStream(_ bytes: [UInt8]) -> [UInt8] {
    var low: UInt32 = 1
    var high: UInt32 = 0
    bytes.withUnsafeBufferPointer { buffer in
        // The largest run before the sums pass 32 bits, as zlib has it.
        for start in stride(from: 0, to: buffer.count, by: 5_552) {
            for index in start..<min(start + 5_552, buffer.count) {
                low &+= UInt32(buffer[index])
                high &+= low
            }
            low %= 65_521
            high %= 65_521
        }
    }
    let sum = high << 16 | low
    let tail = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
    return [0x78, 0xDA] + deflate(bytes, level: 9) + tail
}

/// The cross-reference table names itself as the one before it.
private func withPreviousLoop(_ bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let start = text.range(of: "xref\n0") else { return bytes }
    let offset = text.utf8.distance(from: text.startIndex, to: start.lowerBound)
    return Array(text.replacing("/Root 1 0 R", with: "/Root 1 0 R /Prev \(offset)").utf8)
}
