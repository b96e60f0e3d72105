internal import Bytes
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

    /// All attributes but those of XML itself and of schemas, in order.
    var readableAttributes: [(name: String, value: [UInt8])] {
        guard let attributes = self.attributes else { return [] }
        return (0..<self.attributeCount).compactMap { index in
            let fields = attributes + index * 5
            guard let name = fields[0], let start = fields[3], let end = fields[4],
                !isMachinery(fields[2])
            else { return nil }
            return (String(cString: name), attributeValue(start, end))
        }
    }

    /// The identifier of the part that the element refers to; other attributes are called `id` too.
    var relationship: String? {
        guard let attributes = self.attributes else { return nil }
        for index in 0..<self.attributeCount {
            let fields = attributes + index * 5
            guard let name = fields[0], let uri = fields[2], let start = fields[3],
                let end = fields[4], isEqual(name, "id"),
                String(cString: uri).hasSuffix("/relationships")
            else { continue }
            return String(decoding: attributeValue(start, end), as: UTF8.self)
        }
        return nil
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
            return String(decoding: attributeValue(start, end), as: UTF8.self)
        }
        return nil
    }
}

/// The bytes of an attribute; libxml2 leaves an ampersand in one as `&#38;`.
private func attributeValue(
    _ start: UnsafePointer<xmlChar>,
    _ end: UnsafePointer<xmlChar>
) -> [UInt8] {
    let value = Array(UnsafeBufferPointer(start: start, count: end - start))
    guard value.contains(.ampersand) else { return value }
    let ampersand = Array("&#38;".utf8)
    var result: [UInt8] = []
    var index = 0
    while index < value.count {
        result.append(value[index])
        index += value[index...].starts(with: ampersand) ? ampersand.count : 1
    }
    return result
}

/// Whether a vocabulary's attributes are for programs: the language, the schema, links.
private func isMachinery(_ uri: UnsafePointer<xmlChar>?) -> Bool {
    guard let uri else { return false }
    let name = String(cString: uri)
    return name.hasPrefix("http://www.w3.org/") && !name.hasSuffix("/1999/xhtml")
}

private func isEqual(_ name: UnsafePointer<xmlChar>, _ word: StaticString) -> Bool {
    for offset in 0..<word.utf8CodeUnitCount where name[offset] != word.utf8Start[offset] {
        return false
    }
    return name[word.utf8CodeUnitCount] == 0
}

/// Reads an XML document event by event, building no tree.
///
/// Nothing is loaded from anywhere, and a document type that names an external subset is read without
/// it. One that declares entities is refused, unless they are to be expanded: then their text stands
/// where they are named, without elements, as far as ``XMLEntities`` allows.
///
/// - Throws: `.corrupt` for XML that is not well formed, `.limitExceeded` for declared entities and
///   for elements deeper than ``xmlDepthLimit``, `.outOfMemory` where libxml2 has none.
/// - Complexity: O(n).
func readXML(
    _ bytes: [UInt8],
    into events: any XMLEvents,
    expandsEntities: Bool = false
) throws(ExtractionError) {
    xmlInitialised
    let sink = XMLEventSink(events, entities: expandsEntities ? XMLEntities() : nil)
    // The first bytes tell libxml2 the encoding; it reads them with the rest.
    let hasParser = bytes.withUnsafeBytes { input -> Bool in
        guard let base = input.bindMemory(to: CChar.self).baseAddress,
            let context = xmlCreatePushParserCtxt(nil, nil, base, Int32(min(4, input.count)), nil)
        else { return false }
        // Where entities are declared libxml2 makes a document of them, and leaves it to its user.
        defer {
            if let document = context.pointee.myDoc { xmlFreeDoc(document) }
            xmlFreeParserCtxt(context)
        }
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
    private let entities: XMLEntities?
    private var depth = 0
    private var vocabularies: [(uri: UnsafePointer<xmlChar>, vocabulary: XMLVocabulary)] = []

    init(_ events: any XMLEvents, entities: XMLEntities?) {
        self.events = events
        self.entities = entities
    }

    func declareEntity(
        _ name: UnsafePointer<xmlChar>,
        _ type: Int32,
        _ content: UnsafePointer<xmlChar>?
    ) {
        guard let entities = self.entities else { return self.stop("it declares entities") }
        switch UInt32(bitPattern: type) {
        case XML_INTERNAL_GENERAL_ENTITY.rawValue: entities.declare(name, content)
        // Parameter entities serve the document type alone, which is not read.
        case XML_INTERNAL_PARAMETER_ENTITY.rawValue, XML_EXTERNAL_PARAMETER_ENTITY.rawValue: break
        default: entities.declare(name, nil)
        }
        if entities.isOverLimit { self.stop("it declares too many entities, or too long ones") }
    }

    func entity(_ name: UnsafePointer<xmlChar>) -> xmlEntityPtr? {
        if let predefined = xmlGetPredefinedEntity(name) { return predefined }
        // Right behind a declaration libxml2 asks for it, before those that it names are known.
        guard let entities = self.entities, self.context?.pointee.inSubset == 0 else { return nil }
        let entity = entities.entity(name)
        if entities.isOverLimit { self.stop("its entities stand for too much text") }
        return entity
    }

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
    handler.pointee.entityDecl = { pointer, name, type, _, _, content in
        guard let name else { return }
        sink(pointer)?.declareEntity(name, type, content)
    }
    handler.pointee.getEntity = { pointer, name in
        name.flatMap { sink(pointer)?.entity($0) }
    }
    handler.pointee.unparsedEntityDecl = { pointer, _, _, _, _ in
        sink(pointer)?.stop("it declares entities")
    }
}
