package import Dataflow
internal import Records

/// How documents of Office 97 to 2003 are read: by a program that makes the newer formats of them.
package struct LegacyOfficeOptions: FormatOptions {
    package let byteLimit: Int
    /// The name or path of the converter; empty for none.
    package let converter: String
    /// Wall clock, and processor time of each process, for one document.
    package let secondsMaximum: Int

    private static let byteLimitKey = Formats.byteLimitKey(default: 64 << 20)
    private static let converterKey = TextKey(
        "converter",
        summary: "Program that converts them, by name or path, such as 'soffice'; none by itself."
    )
    private static let secondsKey = IntegerKey(
        "converter_seconds",
        1...3_600,
        default: 120,
        summary: "Seconds that the converter may take for one document."
    )

    package static let descriptor = extractionStage(
        "extract-legacy-office",
        revision: 1,
        takes: [.doc, .xls, .ppt],
        keys: [converterKey.spec, secondsKey.spec, byteLimitKey.spec],
        summary: "Word, Excel and PowerPoint 97-2003, through a converter that you name."
    )

    package init(_ parameters: Parameters) {
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
        self.converter = Self.converterKey.value(in: parameters)
        self.secondsMaximum = Self.secondsKey.value(in: parameters)
    }

    /// Where the converter is; nil where none is named or none is there.
    package var program: ConverterProgram? {
        self.converter.isEmpty ? nil : ConverterProgram(named: self.converter)
    }
}
