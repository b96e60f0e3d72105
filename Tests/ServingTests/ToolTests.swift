import Foundation
import HTTPTypes
import HummingbirdTesting
import MillraceSearch
import Testing

@testable import Serving

/// The Model Context Protocol.
@Suite struct ToolTests {
    private static func answer(_ message: String, _ served: ServedCorpus) async throws -> [String:
        Any]?
    {
        let tools = try #require(served.answering.tools)
        guard let bytes = await tools.answer(Data(message.utf8), for: .local) else { return nil }
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func aClientIsGreetedInItsVersionOrOurs() async throws {
        let served = try await ServedCorpus()
        for (asked, expected) in [("2025-03-26", "2025-03-26"), ("1999-01-01", "2025-06-18")] {
            let message = """
                {"jsonrpc":"2.0","id":"x","method":"initialize","params":{"protocolVersion":"\(asked)",\
                "capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
                """
            let answer = try #require(try await Self.answer(message, served))
            #expect(answer["id"] as? String == "x")
            let result = try #require(answer["result"] as? [String: Any])
            #expect(result["protocolVersion"] as? String == expected)
            #expect((result["capabilities"] as? [String: Any])?["tools"] != nil)
        }
        let note = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
        #expect(try await Self.answer(note, served) == nil)
    }

    @Test func theToolsAreListedAndDoWhatTheySay() async throws {
        let served = try await ServedCorpus()
        let list = try await Self.answer(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, served)
        let tools = (list?["result"] as? [String: Any])?["tools"] as? [[String: Any]]
        #expect(tools?.map { $0["name"] as? String } == ["search", "get_chunk"])
        let search = """
            {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search",\
            "arguments":{"query":"w1 w2","k":2}}}
            """
        let found = try #require(
            (try await Self.answer(search, served))?["result"] as? [String: Any]
        )
        #expect(found["isError"] as? Bool == false)
        let data = try JSONSerialization.data(
            withJSONObject: try #require(found["structuredContent"])
        )
        let answer = try JSONDecoder().decode(SearchAnswer.self, from: data)
        #expect(answer.hits.count == 2)
        let text = ((found["content"] as? [[String: Any]])?.first?["text"] as? String) ?? ""
        for hit in answer.hits {
            #expect(text.contains(hit.text) && text.contains(hit.uri) && text.contains(hit.id))
        }
        let fetch = """
            {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"get_chunk",\
            "arguments":{"chunk_id":"\(answer.hits[0].id)"}}}
            """
        let chunk = (try await Self.answer(fetch, served))?["result"] as? [String: Any]
        #expect(
            (chunk?["structuredContent"] as? [String: Any])?["text"] as? String
                == answer.hits[0].text
        )
    }

    @Test(arguments: [
        ("nonsense", -32700), ("[]", -32600), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search"}}"#, -32602),
    ])
    func whatIsNoCallHasItsCode(message: String, code: Int) async throws {
        let served = try await ServedCorpus()
        let answer = try #require(try await Self.answer(message, served))
        #expect((answer["error"] as? [String: Any])?["code"] as? Int == code)
    }

    @Test(arguments: [
        #"{"query":""}"#, #"{"query":"w1","k":1000}"#, #"{"query":"w1","filters":["x"]}"#,
    ])
    func whatCannotBeAskedIsToldToTheAssistant(arguments: String) async throws {
        let served = try await ServedCorpus()
        let message = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":\(arguments)}}
            """
        let result = (try await Self.answer(message, served))?["result"] as? [String: Any]
        #expect(result?["isError"] as? Bool == true)
    }

    @Test func overHTTPAVersionIsCheckedAndANotificationHasNoBody() async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            let note = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
            let taken = try await client.send(.post, "/mcp", body: note)
            #expect(taken.status == .accepted && taken.text.isEmpty)
            let ping = #"{"jsonrpc":"2.0","id":7,"method":"ping"}"#
            let other = try await client.send(
                .post,
                "/mcp",
                headers: [.protocolVersion: "1999-01-01"],
                body: ping
            )
            #expect(other.status == .badRequest)
            for body in ["[]", " [{}]", "null", "nonsense"] {
                let refused = try await client.send(.post, "/mcp", body: body)
                #expect(refused.status == .badRequest)
            }
            let good = try await client.send(
                .post,
                "/mcp",
                headers: [.protocolVersion: "2025-06-18"],
                body: ping
            )
            #expect(good.text == #"{"id":7,"jsonrpc":"2.0","result":{}}"#)
        }
    }
}
