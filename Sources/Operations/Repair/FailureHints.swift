internal import Records

extension StageFailure.Code {
    /// What an operator does about a document that failed with this code.
    var hint: String {
        switch self {
        case .missing:
            "It was listed and gone when it was read. The next sync settles it."
        case .unreadable:
            "Check that this user may read it and that its disk or mount answers; the next sync "
                + "tries again by itself."
        case .empty:
            "It holds nothing to index. Fill it, exclude it from the source, or ignore it."
        case .tooLarge:
            "Raise 'maximum_bytes' of the source, split the document, or exclude it."
        case .unsupportedType:
            "No stage reads this type. Add an extract stage for it, or exclude it from the source."
        case .corrupt:
            "The file is damaged or cut short. Open it in its own program and save it again, or "
                + "fetch it anew."
        case .encrypted:
            "It needs a password. Put an unprotected copy in its place, or ignore it."
        case .needsOCR:
            "Its pages are pictures without text. Install Tesseract with the languages of the stage's "
                + "'ocr_languages'; the next sync reads it. 'millrace doctor' says what is there."
        case .lowTextQuality:
            "Its text is not readable as text, often for lack of a font's character map. Export it "
                + "again from its source, or run OCR over it."
        case .limitExceeded:
            "It is over a limit of its stage; the message says which. Raise the limit in the "
                + "pipeline, or split the document."
        case .crashed:
            "It ended its worker. It is kept away from the others; report it, then try it again "
                + "with 'millrace failures retry --quarantined' after an update."
        case .timedOut:
            "It took longer than any document should. Split it or ignore it; try it again with "
                + "'millrace failures retry' when the machine was busy."
        case .outOfMemory:
            "It needs more memory than a worker may have. Raise --memory-budget, use fewer "
                + "--workers, or split the document; then retry it."
        case .excluded:
            "A stage left it out on purpose; change that stage's configuration to take it in."
        case .quarantined:
            "The policy wants it looked at. Correct the document or the policy, or exclude it from "
                + "the source; the next sync then takes it in."
        case .refused:
            "The embedding server refuses a part of it; the message says how. Change the document, or the "
                + "model or chunk size of the pipeline, or ignore it; 'millrace failures retry' asks the "
                + "server again."
        case .internalError:
            "This is a fault of millrace. Report the stage, code and message; retry it after an "
                + "update."
        }
    }
}
