internal import Dataflow
internal import Extraction
internal import Formats
internal import Records
internal import Stages

/// Reads documents of Office 97 to 2003: a converter makes the newer format of one, which is then read
/// as any other.
struct LegacyOfficeReader: Extractor {
    private let options: LegacyOfficeOptions
    private let program: ConverterProgram?
    private let process: ConverterProcess?

    static var descriptor: StageDescriptor { LegacyOfficeOptions.descriptor }

    /// Starts the process that runs the converter, where one is named and there.
    init(_ parameters: Parameters) {
        self.options = LegacyOfficeOptions(parameters)
        self.program = self.options.program
        self.process = self.program == nil ? nil : try? ConverterProcess()
    }

    var byteLimit: Int { self.options.byteLimit }

    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try self.content(bytes, of: .doc)
    }

    func content(
        _ bytes: [UInt8],
        of type: MediaType
    ) throws(ExtractionError) -> ExtractedContent {
        guard !isEncryptedLegacyOffice(bytes) else {
            throw ExtractionError(
                .encrypted,
                "the \(type.described) needs a password; save it without one"
            )
        }
        guard let (source, target) = Self.endings[type] else {
            throw ExtractionError(.unsupportedType, "\(type.described) is not converted")
        }
        let converted = try self.convert(bytes, of: type, from: source, to: target)
        var content =
            switch type {
            case .xls: try XLSXOptions(Parameters([:])).content(converted)
            case .ppt: try PPTXOptions(Parameters([:])).content(converted)
            default: try DOCXOptions(Parameters([:])).content(converted)
            }
        content.warn("converted")
        return content
    }

    private func convert(
        _ bytes: [UInt8],
        of type: MediaType,
        from source: String,
        to target: String
    ) throws(ExtractionError) -> [UInt8] {
        guard !self.options.converter.isEmpty else {
            throw ExtractionError(
                .unsupportedType,
                "\(type.described) is read through a converter: name one with 'converter: soffice' at "
                    + "the stage extract-legacy-office, or save it in the format of Office 2007 or later"
            )
        }
        guard let program = self.program else {
            throw ExtractionError(
                .unsupportedType,
                "\(type.described) is read through a converter, and there is no program "
                    + "'\(self.options.converter)'; \(converterRemedy)"
            )
        }
        guard let process = self.process else {
            throw ExtractionError(.crashed, "no process could be started for the converter")
        }
        let request = ConversionRequest(
            program: program.path,
            programFolder: program.folder,
            sourceEnding: source,
            targetEnding: target,
            secondsMaximum: self.options.secondsMaximum,
            outputBytesMaximum: Self.outputBytesMaximum,
            folderBytesMaximum: Self.folderBytesMaximum
        )
        do {
            return try process.convert(bytes, request)
        } catch {
            throw ExtractionError(error.code, error.message)
        }
    }

    private static let endings: [MediaType: (String, String)] = [
        .doc: ("doc", "docx"), .xls: ("xls", "xlsx"), .ppt: ("ppt", "pptx"),
    ]
    private static let outputBytesMaximum = 256 << 20
    private static let folderBytesMaximum = 1 << 30
}
