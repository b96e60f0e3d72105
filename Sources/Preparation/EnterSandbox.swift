internal import Dataflow
internal import Execution
internal import Formats
internal import Hashing
internal import Records
internal import Stages
internal import WorkerMessages

/// Loads what the task's parsers load from files, then confines this process.
///
/// A parser that cannot open its tables may answer with less text and no error, so one small document
/// of each kind must read inside as it read outside.
func enterSandbox(
    _ task: inout any WorkerTask,
    nodes: [PlanNode]
) throws -> [Sandbox.Mechanism] {
    let samples = warmUpSamples(for: nodes)
    let outside = samples.map { task.answer(to: $0.raw, source: $0.source) }
    let mechanisms = Sandbox.enter(readableFolders: readableFolders(of: nodes))
    for (sample, expected) in zip(samples, outside)
    where task.answer(to: sample.raw, source: sample.source) != expected {
        throw WorkerRefusal.changedBySandbox(sample.raw.mediaType.name)
    }
    return mechanisms
}

/// poppler opens the character maps of East Asian fonts when a file names one, and fonts that a file
/// lacks when it paints a page; Tesseract opens its languages when the first picture comes; the
/// shared MIME database names what is not read.
private func readableFolders(of nodes: [PlanNode]) -> [String] {
    let readsPDF = nodes.contains { $0.mediaTypes.contains(MediaType.pdf.name) }
    let languages = nodes.filter(readsPictures).map { OCROptions($0.parameters).languages }
    let tesseract = languages.compactMap { TesseractData(for: $0).folder }
    return [SharedMIMEInfo.folder] + (readsPDF ? ["/usr/share/poppler"] : [])
        + Set(tesseract).sorted()
}

/// A document for each type that the nodes extract.
private func warmUpSamples(for nodes: [PlanNode]) -> [(raw: RawDocument, source: String)] {
    nodes.flatMap { node in
        node.mediaTypes.compactMap { name in
            let type = MediaType(name)
            guard let bytes = sampleDocument(of: type, lines: [sampleSentence]) else { return nil }
            let uri = "sandbox/\(name)"
            let raw = RawDocument(
                id: documentID(uri: uri),
                uri: uri,
                mediaType: type,
                bytes: bytes
            )
            return (raw, node.inputs.first ?? "")
        }
    }
}

private let sampleSentence =
    "This sentence is read before the worker is confined, and once more after it."
