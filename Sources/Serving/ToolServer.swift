internal import Bytes
internal import Foundation
internal import MillraceSearch

/// The index as tools for assistants: the Model Context Protocol, without sessions.
///
/// - Source: modelcontextprotocol.io, revision 2025-06-18: lifecycle, tools, stdio and streamable HTTP.
struct ToolServer: Sendable {
    /// Newest first.
    static let versions = ["2025-06-18", "2025-03-26", "2024-11-05"]

    let search: RankedSearch
    var index: SearchIndex { self.search.index }
    var limits: RequestLimits { self.search.limits }

    /// - Throws: ``AnswerFailure`` `.badRequest` for a version that is not spoken here.
    func checkVersion(_ version: String?) throws {
        guard let version else { return }
        guard Self.versions.contains(version) else {
            throw AnswerFailure(
                .badRequest,
                "MCP-Protocol-Version is one of \(Self.versions.joined(separator: ", "))"
            )
        }
    }

    /// The answer to one message; nil for a notification.
    func answer(_ message: Data, for caller: Principal) async -> [UInt8]? {
        let decoder = JSONDecoder()
        guard let asked = try? decoder.decode(ToolMessage.self, from: message) else {
            let isJSON = (try? decoder.decode(JSONValue.self, from: message)) != nil
            return Self.refusal(
                nil,
                isJSON
                    ? ToolError(code: .invalidRequest, message: "not a JSON-RPC request")
                    : ToolError(code: .parseError, message: "not JSON")
            )
        }
        guard let id = asked.id else { return nil }
        guard asked.version == "2.0" else {
            return Self.refusal(
                id,
                ToolError(code: .invalidRequest, message: "jsonrpc must be \"2.0\"")
            )
        }
        do {
            let result = try await self.result(of: asked.method, message, caller)
            return Self.reply(id) { json in
                json.key("result")
                json.value(result)
            }
        } catch let error as ToolError {
            return Self.refusal(id, error)
        } catch {
            return Self.refusal(
                id,
                ToolError(code: .invalidParams, message: "params are missing or of another form")
            )
        }
    }

    private func result(
        of method: String,
        _ message: Data,
        _ caller: Principal
    ) async throws -> [UInt8] {
        switch method {
        case "initialize": return try self.initialize(message)
        case "ping": return Array("{}".utf8)
        case "tools/list": return Array(toolListText(self.limits).utf8)
        case "tools/call": return try await self.call(message, caller)
        default: throw ToolError(code: .methodNotFound, message: "there is no such method")
        }
    }

    private struct Greeting: Decodable { let protocolVersion: String }

    private func initialize(_ message: Data) throws -> [UInt8] {
        let greeting = try JSONDecoder().decode(ToolParameters<Greeting>.self, from: message).params
        let isKnown = Self.versions.contains(greeting.protocolVersion)
        return jsonBytes { json in
            json.object { json in
                json.key("capabilities")
                json.object { json in
                    json.key("tools")
                    json.object { _ in }
                }
                json.key("instructions")
                json.string(
                    "Search the documents of this index, then cite the uri and page of what you use."
                )
                json.key("protocolVersion")
                json.string(isKnown ? greeting.protocolVersion : Self.versions[0])
                json.key("serverInfo")
                json.object { json in
                    json.key("name")
                    json.string("millrace")
                    json.key("version")
                    json.string("0.1.0")
                }
            }
        }
    }

    private struct Call<Arguments: Decodable>: Decodable { let arguments: Arguments }
    private struct Name: Decodable { let name: String }
    private struct ChunkArguments: Decodable {
        let id: String

        private enum CodingKeys: String, CodingKey { case id = "chunk_id" }
    }

    private func call(_ message: Data, _ caller: Principal) async throws -> [UInt8] {
        let decoder = JSONDecoder()
        let name = try decoder.decode(ToolParameters<Name>.self, from: message).params.name
        do {
            switch name {
            case "search":
                let body = try decoder.decode(ToolParameters<Call<SearchBody>>.self, from: message)
                let asked = body.params.arguments
                let answer = try await self.search.answer(
                    asked.request(self.limits, access: caller.access),
                    isRanked: asked.isRanked
                )
                return Self.content(answerText(answer.answer)) { $0.answer(answer) }
            case "get_chunk":
                let body = try decoder.decode(
                    ToolParameters<Call<ChunkArguments>>.self,
                    from: message
                )
                let id = body.params.arguments.id
                guard let hit = try await self.index.chunk(id, access: caller.access) else {
                    throw AnswerFailure(.notFound, "there is no such chunk, or not any more")
                }
                return Self.content(citedText(hit)) { $0.hit(hit) }
            default:
                throw ToolError(
                    code: .invalidParams,
                    message: "there is no such tool; there are search and get_chunk"
                )
            }
        } catch let failure as AnswerFailure {
            return Self.content(failure.message, isError: true)
        } catch let failure as SearchFailure {
            return Self.content(AnswerFailure(failure).message, isError: true)
        }
    }

    /// The result of a tool: for the assistant to read, and the same as data.
    private static func content(
        _ text: String,
        isError: Bool = false,
        data: ((inout JSONText) -> Void)? = nil
    ) -> [UInt8] {
        jsonBytes { json in
            json.object { json in
                json.key("content")
                json.array([text]) { json, text in
                    json.object { json in
                        json.key("text")
                        json.string(text)
                        json.key("type")
                        json.string("text")
                    }
                }
                json.key("isError")
                json.boolean(isError)
                if let data {
                    json.key("structuredContent")
                    data(&json)
                }
            }
        }
    }

    private static func refusal(_ id: ToolMessage.ID?, _ error: ToolError) -> [UInt8] {
        self.reply(id) { json in
            json.key("error")
            json.object { json in
                json.key("code")
                json.integer(error.code.rawValue)
                json.key("message")
                json.string(error.message)
            }
        }
    }

    private static func reply(
        _ id: ToolMessage.ID?,
        _ members: (inout JSONText) -> Void
    ) -> [UInt8] {
        jsonBytes { json in
            json.object { json in
                json.key("id")
                switch id {
                case .integer(let number): json.integer(number)
                case .text(let text): json.string(text)
                case nil: json.null()
                }
                json.key("jsonrpc")
                json.string("2.0")
                members(&json)
            }
        }
    }
}

/// Hits as an assistant reads them: numbered, each with where it is from.
private func answerText(_ answer: SearchAnswer) -> String {
    guard !answer.hits.isEmpty else { return "Nothing was found." }
    return answer.hits.enumerated().map { "[\($0.offset + 1)] " + citedText($0.element) }
        .joined(separator: "\n\n")
}

private func citedText(_ hit: SearchHit) -> String {
    var place = [hit.uri]
    if hit.page > 0 { place.append("page \(hit.pageLabel ?? String(hit.page))") }
    if hit.origin != nil { place.append("read by OCR") }
    if !hit.headings.isEmpty { place.append(hit.headings.joined(separator: " > ")) }
    let title = hit.title.isEmpty ? hit.uri : hit.title
    return "\(title)\nfrom: \(place.joined(separator: ", "))\nchunk_id: \(hit.id)\n\n\(hit.text)"
}
