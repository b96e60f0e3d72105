internal import Foundation
package import Telemetry

/// Puts the metrics of a run in the place of the last run's at a Prometheus push gateway: the group of this
/// pipeline, so that what a run does not know any more is gone there.
///
/// - Parameter url: the gateway's address, or one with a group of its own: `…/metrics/job/NAME`.
/// - Throws: ``OperationError`` `.configuration` where they could not be delivered: the run itself stands.
package func pushMetrics(_ samples: [MetricSample], pipeline: String, to url: String) throws {
    let base = trimmingSlashes(url)
    let name = pipeline.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? pipeline
    try deliver(
        Delivery(
            option: "--push-gateway",
            method: "PUT",
            url: base.contains("/metrics/job/")
                ? base : "\(base)/metrics/job/millrace/pipeline/\(name)",
            contentType: "text/plain; version=0.0.4; charset=utf-8",
            body: Array(metricText(samples).utf8)
        )
    )
}
