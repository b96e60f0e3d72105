package import Records

/// Turns a document's bytes into text with blocks.
///
/// - Throws: ``StageError``; the document becomes a dead letter.
package protocol ExtractStage: Sendable {
    func extract(_ raw: RawDocument) throws(StageError) -> Document
}

/// Reads or changes one document's text.
///
/// - Throws: ``StageError``; code `.excluded` leaves the document out on purpose.
package protocol DocumentStage: Sendable {
    func process(_ document: inout Document) throws(StageError)
}

/// What a chunk stage is given of a document: the stored clean text.
package struct CleanText: Sendable {
    package let id: DocumentID
    package let title: String
    package let text: [UInt8]
    package let blocks: [Block]
    /// Bytes of `text` whose chunks are not kept: the redaction policy wants it so.
    package let withheld: [Range<Int>]
    /// Blocks of `text` that no chunk holds any of, ascending: the pages of its host share them.
    package let leftOut: [Range<Int>]

    package init(
        id: DocumentID,
        title: String,
        text: [UInt8],
        blocks: [Block],
        withheld: [Range<Int>] = [],
        leftOut: [Range<Int>] = []
    ) {
        self.id = id
        self.title = title
        self.text = text
        self.blocks = blocks
        self.withheld = withheld
        self.leftOut = leftOut
    }
}

/// A chunk with its token ids, so that an embedder with the same tokeniser need not read it again.
package struct TokenizedChunk: Sendable {
    package var chunk: Chunk
    /// Token ids of the chunk's text by the chunk stage's tokeniser, without special tokens; nil where
    /// they are not known.
    package var tokens: ArraySlice<Int32>?

    package init(chunk: Chunk, tokens: ArraySlice<Int32>?) {
        self.chunk = chunk
        self.tokens = tokens
    }
}

/// Cuts one document into chunks.
///
/// A worker has an instance of its own, so it may keep buffers; no output depends on them.
package protocol ChunkStage {
    /// Identity of the tokeniser that `tokens` belong to.
    var tokenizerIdentity: String { get }
    mutating func chunk(_ document: CleanText) throws(StageError) -> [TokenizedChunk]
}

/// Text to embed, with its tokens when the chunk stage has them.
package struct EmbedInput: Sendable {
    package var text: ArraySlice<UInt8>
    package var tokens: ArraySlice<Int32>?

    package init(text: ArraySlice<UInt8>, tokens: ArraySlice<Int32>?) {
        self.text = text
        self.tokens = tokens
    }
}

/// One vector, and what the model read of the text.
package struct Embedded: Sendable {
    package var vector: [Float]
    package var tokenCount: Int
    package var isTruncated: Bool

    package init(vector: [Float], tokenCount: Int, isTruncated: Bool) {
        self.vector = vector
        self.tokenCount = tokenCount
        self.isTruncated = isTruncated
    }
}

/// Turns texts into vectors; the bits of a vector do not depend on what it is batched with.
///
/// A worker has an instance of its own over one shared model.
package protocol EmbedStage {
    var dimensions: Int { get }
    var tokenizerIdentity: String { get }
    mutating func embed(_ inputs: [EmbedInput]) throws -> [Embedded]
}
