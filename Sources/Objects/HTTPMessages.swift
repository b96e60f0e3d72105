/// A request to a server that is not ours.
package struct HTTPRequest: Sendable {
    package var method: String
    package var url: String
    /// In the order sent; a name may come twice.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// From the first byte sent to the last byte read.
    package var timeout: Duration
    /// A longer body is `.tooLarge`; nothing past it is kept.
    package var maximumBytes: Int

    package init(
        _ method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(60),
        maximumBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumBytes = maximumBytes
    }
}

/// What a server answered, whatever its status.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, whatever its case.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
