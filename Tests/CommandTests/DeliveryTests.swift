import Foundation
import LoopbackServer
import Testing

extension CommandTests {
    /// What a run tells servers of the operator's: a push gateway and an OpenTelemetry collector.
    @Suite struct DeliveryTests {
        let corpus: CommandCorpus

        init() throws { self.corpus = try CommandCorpus(documents: 5) }

        private func run(_ words: [String]) throws -> Command.Result {
            try Command.run(words, environment: ["WORKSPACE": self.corpus.workspace])
        }

        @Test func metricsArePutAtAPushGateway() throws {
            let gateway = try LoopbackServer { _ in .init(202) }
            let words = ["backfill", self.corpus.pipeline, "--push-gateway", gateway.url + "/"]
            #expect(try self.run(words).exitCode == 0)
            let request = try #require(gateway.requests.first)
            #expect(gateway.requests.count == 1)
            #expect(request.method == "PUT")
            #expect(request.target == "/metrics/job/millrace/pipeline/command")
            #expect(request.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let text = String(decoding: request.body, as: UTF8.self)
            #expect(text.hasSuffix("\n"))
            #expect(text.contains("millrace_last_run_exit_code{pipeline=\"command\"} 0\n"))
            #expect(text.contains("# TYPE millrace_documents gauge\n"))
        }

        @Test func aGatewayThatIsAwayChangesNoExitCode() throws {
            let gateway = try LoopbackServer { _ in .init(400, text: "no") }
            let result = try self.run([
                "backfill", self.corpus.pipeline, "--push-gateway", gateway.url, "--otlp",
                gateway.url + "?key=hidden",
            ])
            #expect(result.exitCode == 0)
            #expect(result.errors.contains("--push-gateway: "))
            #expect(result.errors.contains("--otlp: "))
            #expect(!result.errors.contains("hidden"))
        }

        @Test func aTraceHasASpanForRunPhaseBatchAndStage() throws {
            let collector = try LoopbackServer { _ in .init(200, text: "{}") }
            try self.corpus.write("planted.html", "<html><title></title><body></body></html>")
            let words = ["backfill", self.corpus.pipeline, "--otlp", collector.url]
            #expect(try self.run(words).exitCode == 3)
            let request = try #require(collector.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/v1/traces")
            #expect(request.headers["content-type"] == "application/json")
            let body = try JSONDecoder().decode(Traces.self, from: Data(request.body))
            let resource = try #require(body.resourceSpans.first)
            #expect(resource.resource.attributes.first?.value.stringValue == "millrace")
            let spans = try #require(resource.scopeSpans.first?.spans)
            let root = try #require(spans.first { $0.parentSpanId == nil })
            #expect(root.name == "backfill")
            #expect(root.status.code == 2 && root.status.message == "documents_failed")
            #expect(Set(spans.map(\.traceId)).count == 1)
            #expect(Set(spans.map(\.spanId)).count == spans.count)
            let isForm = spans.allSatisfy {
                $0.traceId.utf8.count == 32 && $0.spanId.utf8.count == 16
                    && UInt64($0.startTimeUnixNano) ?? .max <= UInt64($0.endTimeUnixNano) ?? 0
            }
            #expect(isForm)
            let byID = Dictionary(uniqueKeysWithValues: spans.map { ($0.spanId, $0) })
            func parent(_ span: Traces.Span) -> String? {
                span.parentSpanId.flatMap { byID[$0]?.name }
            }
            let phases = spans.filter { parent($0) == "backfill" }.map(\.name)
            #expect(phases == ["prepare", "resolve", "materialise", "publish"])
            let batch = try #require(spans.first { $0.name == "batch" })
            #expect(parent(batch) == "prepare")
            #expect(spans.contains { $0.name == "normalise" && parent($0) == "batch" })
            #expect(spans.contains { $0.name == "shard" && parent($0) == "materialise" })
            // A document that failed is named by its id, never by its place or text.
            let events = spans.flatMap { $0.events ?? [] }
            #expect(events.count == 1)
            let id = events.first?.attributes.first { $0.key == "millrace.document_id" }
            #expect(id?.value.stringValue?.utf8.count == 32)
            #expect(!String(decoding: request.body, as: UTF8.self).contains("planted"))
        }

        private struct Traces: Decodable {
            struct Value: Decodable { var stringValue: String?, intValue: String? }
            struct Attribute: Decodable { var key: String, value: Value }
            struct Event: Decodable { var name: String, attributes: [Attribute] }
            struct Status: Decodable { var code: Int, message: String? }
            struct Span: Decodable {
                var traceId: String, spanId: String, parentSpanId: String?, name: String
                var startTimeUnixNano: String, endTimeUnixNano: String
                var events: [Event]?, status: Status
            }
            struct Scope: Decodable { var spans: [Span] }
            struct Attributes: Decodable { var attributes: [Attribute] }
            struct Resource: Decodable { var resource: Attributes, scopeSpans: [Scope] }
            var resourceSpans: [Resource]
        }
    }
}
