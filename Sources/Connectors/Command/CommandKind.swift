internal import Dataflow

extension SourceKind {
    static let command = SourceKind(
        "command",
        summary: "A program that lists and reads documents by lines of JSON.",
        keys: [
            ParameterSpec(
                "command",
                .command,
                summary:
                    "The program and its arguments, after which it is told 'list' or 'read'; it runs in "
                    + "the folder of the pipeline file."
            )
        ],
        make: { (settings) throws(ConnectorError) in try CommandConnector(settings) }
    )
}
