internal import Foundation

/// A JSON value whose form is known only when it is looked at.
indirect enum JSONValue: Decodable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}

/// A request or notification of JSON-RPC 2.0, section 4.
struct ToolMessage: Decodable, Sendable {
    enum ID: Decodable, Sendable {
        case integer(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .integer(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    let version: String
    /// Nil for a notification, which has no answer.
    let id: ID?
    let method: String

    private enum CodingKeys: String, CodingKey {
        case version = "jsonrpc"
        case id, method
    }
}

/// The parameters of a message, read once its method is known.
struct ToolParameters<Value: Decodable>: Decodable {
    let params: Value
}

/// The codes of JSON-RPC 2.0, section 5.1.
enum ToolErrorCode: Int, Sendable {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParams = -32602
}

struct ToolError: Error, Sendable {
    let code: ToolErrorCode
    let message: String
}
