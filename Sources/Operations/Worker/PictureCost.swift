internal import Dataflow
internal import Execution
internal import Records
internal import Stages

/// Seconds of processor time that OCR takes for a page: a sheet of A4 in print, at 300 pixels an inch,
/// takes 1.4 to 2.
let secondsPerPicture = 2.0

extension MediaType {
    /// Whether a document of this type is read by OCR, whatever it holds.
    var isPicture: Bool { [.png, .jpeg, .tiff].contains(self) }
}

extension WorkerLimits {
    /// The limits for stages of a plan: scans of many pages take longer than text.
    ///
    /// A page of OCR has processor time of its own (`Extraction/OCR`), which bounds what a document takes.
    static func reading(_ nodes: [PlanNode]) -> WorkerLimits {
        var limits = WorkerLimits()
        if nodes.contains(where: { readsPictures($0) || usesConverter($0) }) {
            limits.deadlineSeconds = 3_600
        }
        return limits
    }
}
