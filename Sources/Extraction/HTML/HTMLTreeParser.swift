internal import CXML2
import Records

/// Builds the tree of a skeleton with libxml2's SAX interface.
///
/// - Throws: `.outOfMemory` where libxml2 cannot allocate its context.
func parseTree(_ skeleton: HTMLSkeleton) throws(ExtractionError) -> HTMLArena {
    LibXML.initialise
    var builder = ArenaBuilder(skeleton)
    var isTruncated = false
    let isParsed = skeleton.markup.withUnsafeBytes { markup -> Bool in
        guard
            let context = htmlCreateMemoryParserCtxt(
                markup.bindMemory(to: CChar.self).baseAddress,
                Int32(markup.count)
            )
        else { return false }
        defer { htmlFreeParserCtxt(context) }
        _ = htmlCtxtUseOptions(context, LibXML.options)
        // A skeleton is ASCII; saying so keeps libxml2 from guessing at its encoding.
        context.pointee.charset = Int32(XML_CHAR_ENCODING_UTF8.rawValue)
        if let handler = context.pointee.sax { LibXML.setHandlers(handler) }
        withUnsafeMutablePointer(to: &builder) { builder in
            context.pointee.userData = UnsafeMutableRawPointer(builder)
            _ = htmlParseDocument(context)
        }
        if let input = context.pointee.input {
            isTruncated = input.pointee.cur < input.pointee.end
        }
        return true
    }
    guard isParsed else {
        throw ExtractionError(.outOfMemory, "libxml2 has no memory for a parser")
    }
    assert(isTruncated || builder.isExhausted, "libxml2 reports tags in another order")
    var arena = builder.finish()
    arena.isTruncated = isTruncated
    return arena
}

private enum LibXML {
    /// Once per process, before the first parser on any thread.
    static let initialise: Void = xmlInitParser()

    static let options =
        Int32(
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue
                | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_COMPACT.rawValue
                | HTML_PARSE_NODEFDTD.rawValue
        ) | Int32(XML_PARSE_HUGE.rawValue)

    /// Every other event, and every error, is ignored; no tree of nodes is built.
    static func setHandlers(_ handler: UnsafeMutablePointer<xmlSAXHandler>) {
        handler.pointee = xmlSAXHandler()
        handler.pointee.initialized = 1
        handler.pointee.startElement = { builder, name, _ in
            guard let builder, let name else { return }
            builder.assumingMemoryBound(to: ArenaBuilder.self).pointee.startElement(name)
        }
        handler.pointee.endElement = { builder, _ in
            builder?.assumingMemoryBound(to: ArenaBuilder.self).pointee.endElement()
        }
        handler.pointee.characters = { builder, bytes, count in
            guard let builder, let bytes else { return }
            builder.assumingMemoryBound(to: ArenaBuilder.self).pointee
                .characters(bytes, count: Int(count))
        }
    }
}
