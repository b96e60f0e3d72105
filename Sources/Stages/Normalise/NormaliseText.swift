internal import Dataflow
internal import Records
internal import Text

let normaliseDescriptor = StageDescriptor(
    name: "normalise",
    revision: 1,
    summary:
        "Unicode NFC, white space, and no control, invisible or direction-override characters.",
    phase: .prepare,
    inputs: [.document],
    output: .document,
    parameters: []
)

struct NormaliseText: DocumentStage {
    private let normaliser = TextNormaliser()

    func process(_ document: inout Document) throws(StageError) {
        self.normaliser.normalise(&document)
        guard !document.text.isEmpty else {
            throw StageError(.empty, "no text is left after normalising")
        }
    }
}
