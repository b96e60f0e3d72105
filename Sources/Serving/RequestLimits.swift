/// What one request, one caller and all connections together may take.
struct RequestLimits: Sendable {
    var bodyBytes = 1 << 20
    /// Of a query's text; a longer one is a document.
    var queryBytes = 32 << 10
    var hitCount = 100
    var filterCount = 64
    /// From the first byte of a request to its answer.
    var seconds = 10.0
    /// Of a connection on which nothing happens, a head that does not end among it.
    var idleSeconds = 15.0
    var connections = 1_024
    /// Requests a second of one caller, over a burst of twice as many.
    var rate = 1_000.0
    /// Refused tokens a second of one address, over a burst of twice as many.
    var refusalRate = 10.0
    var headerBytes = 16 << 10
    var headerCount = 64
}
