internal import Foundation
internal import Hashing
internal import Records
package import Telemetry

/// How a run ended, as its trace tells it.
package struct TracedRun: Sendable {
    package let pipeline: String
    package let verb: String
    /// Nil for a run that failed before it had a number.
    package let run: Int64?
    package let exitCode: Int32
    /// Nanoseconds since 1970.
    package let start: UInt64

    package init(pipeline: String, verb: String, run: Int64?, exitCode: Int32, start: UInt64) {
        self.pipeline = pipeline
        self.verb = verb
        self.run = run
        self.exitCode = exitCode
        self.start = start
    }
}

/// Sends the spans of a run to a collector by OTLP over HTTP: one trace, whose root is the run.
///
/// - Parameter url: the collector's address, with or without `/v1/traces`.
/// - Throws: ``OperationError`` `.configuration` where they could not be delivered: the run itself stands.
package func sendTrace(_ log: SpanLog, of run: TracedRun, to url: String) throws {
    let path = "/v1/traces"
    try deliver(
        Delivery(
            option: "--otlp",
            method: "POST",
            url: url.hasSuffix(path) ? url : trimmingSlashes(url) + path,
            contentType: "application/json",
            body: try traceJSON(log, of: run)
        )
    )
}

/// The request of OTLP/HTTP in its JSON form.
///
/// - Source: opentelemetry-proto 1.x, `ExportTraceServiceRequest`; ids in hexadecimal, numbers of 64 bits as text.
func traceJSON(_ log: SpanLog, of run: TracedRun) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(TraceRequest(log, of: run)))
}

private struct TraceRequest: Encodable {
    struct Attribute: Encodable {
        struct Value: Encodable {
            var stringValue: String?
            var intValue: String?
        }

        let key: String
        let value: Value

        init(_ key: String, _ value: Span.Value) {
            self.key = key
            switch value {
            case .text(let text): self.value = Value(stringValue: text)
            case .count(let count): self.value = Value(intValue: String(count))
            }
        }
    }

    struct Event: Encodable {
        let timeUnixNano: String
        let name: String
        let attributes: [Attribute]
    }

    struct Status: Encodable {
        /// 1 is right, 2 an error.
        let code: Int
        var message: String?
    }

    struct OutSpan: Encodable {
        let traceId: String
        let spanId: String
        var parentSpanId: String?
        let name: String
        /// Of work within a program.
        var kind = 1
        let startTimeUnixNano: String
        let endTimeUnixNano: String
        let attributes: [Attribute]
        var events: [Event] = []
        let status: Status
    }

    struct Scope: Encodable {
        struct Name: Encodable {
            let name: String
        }

        let scope: Name
        let spans: [OutSpan]
    }

    struct Resource: Encodable {
        struct Attributes: Encodable {
            let attributes: [Attribute]
        }

        let resource: Attributes
        let scopeSpans: [Scope]
    }

    let resourceSpans: [Resource]

    init(_ log: SpanLog, of run: TracedRun) {
        let (spans, dropped) = log.read()
        // No chance: the same run never begins twice.
        let seed = "\(run.pipeline)\n\(run.run ?? 0)\n\(run.start)"
        let trace = String(sha256("trace\n\(seed)").hex.prefix(32))
        func id(_ place: Int?) -> String {
            String(sha256("span\n\(seed)\n\(place ?? -1)").hex.prefix(16))
        }
        var own: [Attribute] = [
            Attribute("millrace.pipeline", .text(run.pipeline)),
            Attribute("millrace.verb", .text(run.verb)),
            Attribute("millrace.exit_code", .count(Int(run.exitCode))),
        ]
        if let number = run.run { own.append(Attribute("millrace.run", .count(Int(number)))) }
        if dropped > 0 { own.append(Attribute("millrace.spans_dropped", .count(dropped))) }
        let isRight = run.exitCode == ExitStatus.clean.rawValue
        let root = OutSpan(
            traceId: trace,
            spanId: id(nil),
            name: run.verb,
            startTimeUnixNano: String(run.start),
            endTimeUnixNano: String(max(run.start, log.now)),
            attributes: own,
            status: Status(
                code: isRight ? 1 : 2,
                message: isRight ? nil : ExitStatus(rawValue: run.exitCode)?.name
            )
        )
        let parts = spans.enumerated().map { place, span in
            OutSpan(
                traceId: trace,
                spanId: id(place),
                parentSpanId: id(span.parent),
                name: span.name,
                startTimeUnixNano: String(span.start),
                endTimeUnixNano: String(span.end),
                attributes: span.attributes.sorted { $0.key < $1.key }.map {
                    Attribute($0.key, $0.value)
                },
                events: span.failures.map { failure in
                    Event(
                        timeUnixNano: String(span.end),
                        name: "document failed",
                        attributes: [
                            Attribute("millrace.document_id", .text(failure.document)),
                            Attribute("millrace.stage", .text(failure.stage)),
                            Attribute("millrace.code", .text(failure.code)),
                        ]
                    )
                },
                status: Status(code: 1)
            )
        }
        self.resourceSpans = [
            Resource(
                resource: .init(attributes: [Attribute("service.name", .text("millrace"))]),
                scopeSpans: [Scope(scope: .init(name: "millrace"), spans: [root] + parts)]
            )
        ]
    }
}
