import Foundation

/// The sample scan, and a PDF whose page is that picture.
struct ScannedSample {
    let png: [UInt8]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appending(path: "Samples/scans/flood-notice.png")
        self.png = Array(try Data(contentsOf: path))
    }

    static let words = "The mill leat rose by forty centimetres on 3 May."

    /// The data of a PNG is what PDF calls Flate with predictor 15 (ISO 32000-1, 7.4.4.4).
    ///
    /// - Parameter overlay: operators that follow the picture; font `F` is Helvetica.
    func pdf(overlay: String = "", pages: Int = 1) -> [UInt8] {
        var data: [UInt8] = []
        var offset = 8
        while offset + 12 <= self.png.count {
            let length = self.number(at: offset)
            if self.png[(offset + 4)..<(offset + 8)].elementsEqual("IDAT".utf8) {
                data += self.png[(offset + 8)..<(offset + 8 + length)]
            }
            offset += length + 12
        }
        let (width, height) = (self.number(at: 16), self.number(at: 20))
        let box = (width: Double(width) * 0.36, height: Double(height) * 0.36)
        let content = "q \(box.width) 0 0 \(box.height) 0 0 cm /P Do Q \(overlay)"
        let kids = (0..<pages).map { "\(6 + $0) 0 R" }.joined(separator: " ")
        var objects: [[UInt8]] = [
            Array("<< /Type /Catalog /Pages 2 0 R >>".utf8),
            Array("<< /Type /Pages /Kids [\(kids)] /Count \(pages) >>".utf8),
            Array("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".utf8),
            Array("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream".utf8),
            Array(
                ("<< /Type /XObject /Subtype /Image /Width \(width) /Height \(height) "
                    + "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode "
                    + "/DecodeParms << /Predictor 15 /Columns \(width) /BitsPerComponent 1 >> "
                    + "/Length \(data.count) >>\nstream\n").utf8
            ) + data + Array("\nendstream".utf8),
        ]
        for _ in 0..<pages {
            objects.append(
                Array(
                    ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(box.width) \(box.height)] "
                        + "/Contents 4 0 R /Resources << /Font << /F 3 0 R >> "
                        + "/XObject << /P 5 0 R >> >> >>").utf8
                )
            )
        }
        var file = Array("%PDF-1.4\n".utf8)
        for (index, object) in objects.enumerated() {
            file += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        return file + Array("trailer << /Root 1 0 R >>\n".utf8)
    }

    private func number(at offset: Int) -> Int {
        self.png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
