/// Posts a run's summary, or why there is none, to an address: `{"form":"run/1",…}` or `{"event":"error",…}`.
///
/// - Throws: ``OperationError`` `.configuration` where it could not be delivered: the run itself stands.
package func sendSummary(_ json: String, to url: String) throws {
    try deliver(
        Delivery(
            option: "--webhook",
            method: "POST",
            url: url,
            contentType: "application/json",
            body: Array(json.utf8)
        )
    )
}
