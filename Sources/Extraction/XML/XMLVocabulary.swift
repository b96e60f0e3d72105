/// The vocabularies that are told apart; a name of any other one is skipped or ignored.
enum XMLVocabulary {
    case word
    case spreadsheet
    case presentation
    /// Elements of OpenDocument files, by the chapter that tells of them.
    case odfOffice, odfText, odfTable, odfDraw, odfPresentation, odfStyle
    /// Equations in office documents.
    case math
    /// Text in drawings, charts and diagrams.
    case drawing
    case chart
    case diagram
    case markupCompatibility
    case relationships
    case dublinCore
    case dublinCoreTerms
    case other

    /// - Source: ECMA-376 (transitional) and ISO/IEC 29500 (strict) names; the Dublin Core terms.
    init(uri: String) {
        switch uri {
        case "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main":
            self = .word
        case "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main":
            self = .spreadsheet
        case "http://schemas.openxmlformats.org/presentationml/2006/main",
            "http://purl.oclc.org/ooxml/presentationml/main":
            self = .presentation
        case "urn:oasis:names:tc:opendocument:xmlns:office:1.0": self = .odfOffice
        case "urn:oasis:names:tc:opendocument:xmlns:text:1.0": self = .odfText
        case "urn:oasis:names:tc:opendocument:xmlns:table:1.0": self = .odfTable
        case "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": self = .odfDraw
        case "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0": self = .odfPresentation
        case "urn:oasis:names:tc:opendocument:xmlns:style:1.0": self = .odfStyle
        case "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "http://purl.oclc.org/ooxml/officeDocument/math":
            self = .math
        case "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://purl.oclc.org/ooxml/drawingml/main":
            self = .drawing
        case "http://schemas.openxmlformats.org/drawingml/2006/chart",
            "http://purl.oclc.org/ooxml/drawingml/chart":
            self = .chart
        case "http://schemas.openxmlformats.org/drawingml/2006/diagram",
            "http://purl.oclc.org/ooxml/drawingml/diagram":
            self = .diagram
        case "http://schemas.openxmlformats.org/markup-compatibility/2006":
            self = .markupCompatibility
        case "http://schemas.openxmlformats.org/package/2006/relationships":
            self = .relationships
        case "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/":
            self = .dublinCore
        case "http://purl.org/dc/terms/": self = .dublinCoreTerms
        default: self = .other
        }
    }
}
