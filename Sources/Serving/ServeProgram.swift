internal import Hummingbird
internal import JWTKit
internal import Metrics
internal import Operations
internal import ServiceLifecycle

/// The program `millrace-serve`.
public func runServeProgram(_ arguments: [String]) -> Int32 { 64 }
