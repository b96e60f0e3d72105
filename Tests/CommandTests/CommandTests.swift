import Testing

/// The built binary, one test at a time: each may start several processes.
@Suite(.serialized, .enabled(if: Command.isBuilt, Command.absence))
enum CommandTests {}
