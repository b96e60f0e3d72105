internal import CXML2
internal import Records

/// What is told of an XML document while it is read.
protocol XMLEvents: AnyObject {
    func start(_ element: XMLElement)
    func end(_ name: XMLName)
    /// Character data, in as many parts as the parser likes.
    func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

/// A name and the vocabulary it belongs to.
struct XMLName: Equatable {
    var vocabulary: XMLVocabulary
    var local: String
}

/// An element's start; valid during the event only.
struct XMLElement {
    let name: XMLName
    private let attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    private let attributeCount: Int

    fileprivate init(
        name: XMLName,
        attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
        attributeCount: Int
    ) {
        self.name = name
        self.attributes = attributes
        self.attributeCount = attributeCount
    }

    /// The value of the attribute of this local name, in whatever vocabulary.
    subscript(_ local: StaticString) -> String? {
        guard let attributes = self.attributes else { return nil }
        for index in 0..<self.attributeCount {
            // libxml2 gives five pointers an attribute: name, prefix, URI, value's start and end.
            let fields = attributes + index * 5
            guard let name = fields[0], let start = fields[3], let end = fields[4],
                isEqual(name, local)
            else { continue }
            let value = UnsafeBufferPointer(start: start, count: end - start)
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }
}

private func isEqual(_ name: UnsafePointer<xmlChar>, _ word: StaticString) -> Bool {
    for offset in 0..<word.utf8CodeUnitCount where name[offset] != word.utf8Start[offset] {
        return false
    }
    return name[word.utf8CodeUnitCount] == 0
}

/// Reads an XML document event by event, building no tree.
///
/// Entities are not expanded and nothing is loaded from anywhere: a document type that declares an
/// entity is refused, one that names an external subset is read without it.
///
/// - Throws: `.corrupt` for XML that is not well formed, `.limitExceeded` for declared entities and
///   for elements deeper than ``xmlDepthLimit``, `.outOfMemory` where libxml2 has none.
/// - Complexity: O(n).
func readXML(_ bytes: [UInt8], into events: any XMLEvents) throws(ExtractionError) {
    xmlInitialised
    let sink = XMLEventSink(events)
    // The first bytes tell libxml2 the encoding; it reads them with the rest.
    let hasParser = bytes.withUnsafeBytes { input -> Bool in
        guard let base = input.bindMemory(to: CChar.self).baseAddress,
            let context = xmlCreatePushParserCtxt(nil, nil, base, Int32(min(4, input.count)), nil)
        else { return false }
        defer { xmlFreeParserCtxt(context) }
        _ = xmlCtxtUseOptions(context, xmlOptions)
        if let handler = context.pointee.sax { setHandlers(handler) }
        context.pointee.userData = Unmanaged.passUnretained(sink).toOpaque()
        sink.context = context
        var position = min(4, input.count)
        repeat {
            let count = min(input.count - position, xmlChunkByteCount)
            let isLast: Int32 = position + count == input.count ? 1 : 0
            _ = xmlParseChunk(context, base + position, Int32(count), isLast)
            position += count
        } while position < input.count && sink.fault == nil && context.pointee.wellFormed == 1
        sink.isWellFormed = context.pointee.wellFormed == 1
        sink.context = nil
        return true
    }
    guard hasParser else {
        if bytes.isEmpty { throw notWellFormed }
        throw ExtractionError(.outOfMemory, "libxml2 has no memory for a parser")
    }
    if let fault = sink.fault { throw fault }
    guard sink.isWellFormed else { throw notWellFormed }
}

/// What is handed to libxml2 at once; it copies what it is given.
private let xmlChunkByteCount = 4 << 20

/// Elements inside elements; tables in tables in text boxes stay below a tenth of it.
let xmlDepthLimit = 1_000

private let notWellFormed = ExtractionError(.corrupt, "a part is not well-formed XML")

/// Once per process, before the first parser on any thread.
private let xmlInitialised: Void = xmlInitParser()

private let xmlOptions =
    Int32(
        XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_COMPACT.rawValue
    ) | Int32(XML_PARSE_HUGE.rawValue)

/// Takes libxml2's calls, keeps to the limits and hands on the rest.
private final class XMLEventSink {
    let events: any XMLEvents
    var context: xmlParserCtxtPtr?
    var fault: ExtractionError?
    var isWellFormed = false
    private var depth = 0
    private var vocabularies: [(uri: UnsafePointer<xmlChar>, vocabulary: XMLVocabulary)] = []

    init(_ events: any XMLEvents) { self.events = events }

    func start(
        _ local: UnsafePointer<xmlChar>,
        _ uri: UnsafePointer<xmlChar>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
        count: Int
    ) {
        guard self.fault == nil else { return }
        self.depth += 1
        guard self.depth <= xmlDepthLimit else {
            return self.stop("elements lie more than \(xmlDepthLimit) deep")
        }
        self.events.start(
            XMLElement(
                name: self.name(local, uri),
                attributes: attributes,
                attributeCount: count
            )
        )
    }

    func end(_ local: UnsafePointer<xmlChar>, _ uri: UnsafePointer<xmlChar>?) {
        guard self.fault == nil else { return }
        self.depth -= 1
        self.events.end(self.name(local, uri))
    }

    func text(_ bytes: UnsafePointer<xmlChar>, count: Int) {
        guard self.fault == nil else { return }
        self.events.text(UnsafeBufferPointer(start: bytes, count: count))
    }

    func stop(_ reason: String) {
        guard self.fault == nil else { return }
        self.fault = ExtractionError(.limitExceeded, "a part's XML is refused: \(reason)")
        xmlStopParser(self.context)
    }

    private func name(
        _ local: UnsafePointer<xmlChar>,
        _ uri: UnsafePointer<xmlChar>?
    ) -> XMLName {
        XMLName(vocabulary: self.vocabulary(uri), local: String(cString: local))
    }

    /// libxml2 keeps one copy of each URI, so its address stands for it.
    private func vocabulary(_ uri: UnsafePointer<xmlChar>?) -> XMLVocabulary {
        guard let uri else { return .other }
        if let known = self.vocabularies.first(where: { $0.uri == uri }) {
            return known.vocabulary
        }
        let vocabulary = XMLVocabulary(uri: String(cString: uri))
        if self.vocabularies.count < 64 { self.vocabularies.append((uri, vocabulary)) }
        return vocabulary
    }
}

private func sink(_ pointer: UnsafeMutableRawPointer?) -> XMLEventSink? {
    pointer.map { Unmanaged<XMLEventSink>.fromOpaque($0).takeUnretainedValue() }
}

/// Every other event is ignored, and errors are asked for at the end.
private func setHandlers(_ handler: UnsafeMutablePointer<xmlSAXHandler>) {
    handler.pointee = xmlSAXHandler()
    handler.pointee.initialized = UInt32(XML_SAX2_MAGIC)
    handler.pointee.startElementNs = { pointer, local, _, uri, _, _, count, _, attributes in
        guard let local else { return }
        sink(pointer)?.start(local, uri, attributes, count: Int(count))
    }
    handler.pointee.endElementNs = { pointer, local, _, uri in
        guard let local else { return }
        sink(pointer)?.end(local, uri)
    }
    handler.pointee.characters = { pointer, bytes, count in
        guard let bytes else { return }
        sink(pointer)?.text(bytes, count: Int(count))
    }
    handler.pointee.cdataBlock = { pointer, bytes, count in
        guard let bytes else { return }
        sink(pointer)?.text(bytes, count: Int(count))
    }
    handler.pointee.entityDecl = { pointer, _, _, _, _, _ in
        sink(pointer)?.stop("it declares entities")
    }
    handler.pointee.unparsedEntityDecl = { pointer, _, _, _, _ in
        sink(pointer)?.stop("it declares entities")
    }
}
