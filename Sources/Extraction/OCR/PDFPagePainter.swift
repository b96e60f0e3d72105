internal import CPopplerPublic
internal import Formats
internal import Glibc

/// Paints pages of a PDF for OCR; poppler-glib does it, whatever reads the text.
struct PDFPagePainter {
    private let document: PDFDocument

    /// - Parameter bytes: the file; they must outlive the painter.
    /// - Returns: nil in a build without poppler-glib, or for a file it cannot open.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, passwords: [String]) {
        guard let door = PDFDoor.publicLibrary else { return nil }
        door.functions.prepare()
        var status: Int32 = 0
        guard let document = door.open(bytes, passwords: passwords, status: &status) else {
            return nil
        }
        self.document = document
    }

    func close() { self.document.close() }

    /// - Parameter index: 0-based.
    func read(_ index: Int, in size: PDFPaintedSize, with engine: OCREngine) -> OCRPage? {
        let pixels = cpoppler_public_render(
            self.document.handle,
            Int32(index),
            Int32(size.width),
            Int32(size.height)
        )
        guard let pixels else { return nil }
        defer { free(pixels) }
        return engine.read(
            pixels: UnsafeBufferPointer(start: pixels, count: size.width * size.height),
            width: size.width,
            height: size.height,
            resolution: size.resolution
        )
    }
}

/// How many pixels a page is painted in.
struct PDFPaintedSize: Hashable {
    var width: Int
    var height: Int
    /// Pixels an inch.
    var resolution: Int

    /// The pixels of the page's picture where it is one, so that what was scanned is read as it is; else
    /// as many an inch as the options say.
    ///
    /// - Returns: nil for pages without a size, and where a picture is too large to unpack.
    init?(_ page: PDFPage, options: OCROptions) {
        let pixels = page.pictures.map { Int($0.pixelWidth) * Int($0.pixelHeight) }
        guard page.width > 0, page.height > 0, page.width.isFinite, page.height.isFinite,
            (pixels.max() ?? 0) <= picturePixelLimit
        else { return nil }
        let own = page.pictureShare >= ownPixelsShare ? page.pixelsPerPoint : nil
        var scale = Double(options.resolution) / pointsPerInch
        var across = scale
        var down = scale
        if let own, own.across >= coarsest, own.across <= finest, own.down >= coarsest,
            own.down <= finest
        {
            across = own.across
            down = own.down
            scale = min(across, down)
        }
        let area = Double(page.width) * across * Double(page.height) * down
        let shrink = min(1, (Double(paintedPixelLimit) / area).squareRoot())
        self.width = Int((Double(page.width) * across * shrink).rounded())
        self.height = Int((Double(page.height) * down * shrink).rounded())
        self.resolution = Int((scale * shrink * pointsPerInch).rounded())
        guard self.width > 0, self.height > 0, self.width <= longestSide,
            self.height <= longestSide
        else { return nil }
        if page.direction % 2 == 1 { swap(&self.width, &self.height) }
    }
}

private let pointsPerInch = 72.0
/// Part of a page that is covered by the pictures whose pixels are taken over.
private let ownPixelsShare = 0.9
/// Pixels a point (148 and 425 an inch): letters of fewer are better painted larger, and more tell no more.
private let coarsest = 2.05
private let finest = 5.9
/// What a picture may be unpacked to, in pixels.
private let picturePixelLimit = 64 << 20
/// What a page is painted to: A4 at 600 pixels an inch has 35 million.
private let paintedPixelLimit = 20 << 20
/// Of cairo's surfaces.
private let longestSide = 32_000

extension PDFPage {
    /// Of the largest picture, across and down the page; nil where it is not known.
    fileprivate var pixelsPerPoint: (across: Double, down: Double)? {
        func area(_ picture: PDFPicture) -> Float { picture.box.width * picture.box.height }
        guard let picture = self.pictures.max(by: { area($0) < area($1) }) else { return nil }
        let width = Double(picture.box.width)
        let height = Double(picture.box.height)
        var across = Double(picture.pixelWidth)
        var down = Double(picture.pixelHeight)
        guard width > 0, height > 0, across > 0, down > 0 else { return nil }
        // A picture that is turned to fit the page.
        if (width > height) != (across > down), abs(width - height) > 0.05 * width {
            swap(&across, &down)
        }
        return (across / width, down / height)
    }
}
