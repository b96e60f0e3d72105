internal import Dataflow

/// How the `rclone` program is called for one source.
struct RcloneProgram: Sendable {
    let remote: String
    /// Where it runs.
    let directory: String
    let wantsHashes: Bool
    private let configuration: [String]

    private static let secretWords = ["pass", "secret", "token", "key", "credential"]

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let values = settings.values
        let given = values.string("remote", default: "")
        // A path of this machine is one to rclone too.
        let remote = given.hasPrefix("/") ? ":local:" + given : given
        guard remote.contains(":"), !remote.hasPrefix("-"), !remote.contains("]"),
            remote.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw settings.failure(
                "remote",
                "'\(remote)' is no remote such as drive:handbook; 'rclone listremotes' shows those that are "
                    + "configured, and a folder of this machine is a source of type folder"
            )
        }
        // `:backend,key=value:` sets a remote up on the spot.
        let head = remote.prefix { $0 != ":" || remote.hasPrefix(":") }.lowercased()
        if head.contains(","), Self.secretWords.contains(where: head.contains) {
            throw settings.failure(
                "remote",
                "a credential stands in it, where logs and manifests would show it; give it to "
                    + "'rclone config' and name the remote"
            )
        }
        self.remote = remote
        self.directory = settings.directory
        self.wantsHashes = values.bool("hashes")
        self.configuration = values.text("config").map { ["--config", $0] } ?? []
    }

    /// Nobody is there to type a password, and messages are read.
    private var fixed: [String] {
        self.configuration + ["--ask-password=false", "--log-level", "NOTICE"]
    }

    /// A line for each file.
    ///
    /// The time that a server keeps costs no request for each, as a file's own would.
    var listing: [String] {
        ["rclone", "lsjson", "-R", "--files-only", "--no-mimetype", "--use-server-modtime"]
            + (self.wantsHashes ? ["--hash"] : []) + self.fixed + ["--", self.remote]
    }

    /// On a port of the loopback interface that the system chooses.
    var serving: [String] {
        ["rclone", "rcd", "--rc-addr", "127.0.0.1:0", "--rc-serve"] + self.fixed
    }

    /// Why rclone could not do it, and what to type.
    func failure(
        _ code: ConnectorError.Code,
        saying said: String = ""
    ) -> ConnectorError {
        ConnectorError(code, path: self.remote, self.advice(said))
    }

    static func notInstalled(_ remote: String) -> ConnectorError {
        ConnectorError(
            .unavailable,
            path: remote,
            "the program rclone is not there; install it with 'apt-get install rclone' or from rclone.org"
        )
    }

    private func advice(_ said: String) -> String {
        let name = self.remote.prefix { $0 != ":" }
        let words = said.lowercased()
        if words.contains("didn't find section in config file") {
            return
                "rclone knows no remote '\(name)'; 'rclone listremotes' shows those that it knows, "
                + "'rclone config' makes one, and 'config' names another configuration file"
        }
        if words.contains("directory not found") {
            return
                "rclone finds no such folder in the remote; 'rclone lsd \(name):' shows those that there are"
        }
        if words.contains("decrypt") || words.contains("ask-password") {
            return "rclone's configuration is encrypted; set RCLONE_CONFIG_PASS (\(said))"
        }
        if ["unauthorized", "401", "403", "token", "denied", "credential"].contains(
            where: words.contains
        ) {
            return "the remote refuses rclone's credentials (\(said)); renew them with "
                + "'rclone config reconnect \(name):'"
        }
        return "rclone could not list it (\(said)); try 'rclone lsjson \(self.remote)'"
    }
}
