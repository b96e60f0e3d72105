import Foundation
import Testing

private let wantsSlowTests = ProcessInfo.processInfo.environment["MILLRACE_SLOW_TESTS"] != nil

/// Documents of Office 97 to 2003, through a converter that a test makes or LibreOffice.
@Suite(.enabled(if: Command.isBuilt, Command.absence))
struct ConverterTests {
    /// Enough of a document of Word 97 to be told from other files.
    static let document: [UInt8] =
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + Array(repeating: 0, count: 1_024)
        + "WordDocument".utf16.flatMap { [UInt8($0), 0] } + Array(repeating: 0, count: 64)

    /// A converter in Python: takes LibreOffice's arguments, does `body`, and writes `text` as its result.
    private func converter(in folder: TemporaryFolder, _ body: String) throws -> String {
        try folder.write(
            "bin/convert",
            """
            #!/usr/bin/env python3
            import os, socket, subprocess, sys, time, zipfile
            target = sys.argv[sys.argv.index("--convert-to") + 1]
            out = sys.argv[sys.argv.index("--outdir") + 1]
            source = sys.argv[-1]
            text = "converted"
            def write(text):
                name = os.path.splitext(os.path.basename(source))[0]
                with zipfile.ZipFile(f"{out}/{name}.{target}", "w") as file:
                    file.writestr("word/document.xml", "<w:document xmlns:w='http://schemas.openxmlformats.org/"
                        "wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>"
                        "</w:body></w:document>")
            \(body)
            """
        )
        let path = folder("bin/convert")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private func extract(
        _ path: String,
        _ keys: [String]
    ) throws -> (answer: [String: Any], error: [String: Any]) {
        let result = try Command.run(
            ["stage", "extract"] + keys.flatMap { ["--set", $0] },
            input: #"{"id":1,"path":"\#(path)"}"#
        )
        let answer = try result.json()
        return (answer, answer["error"] as? [String: Any] ?? [:])
    }

    private func convert(
        _ body: String,
        _ keys: [String] = []
    ) throws -> (answer: [String: Any], error: [String: Any]) {
        let folder = try TemporaryFolder()
        try folder.write("a.doc", Self.document)
        let path = try self.converter(in: folder, body)
        return try self.extract(folder("a.doc"), ["converter=\(path)"] + keys)
    }

    @Test func whatAConverterMakesIsRead() throws {
        let (answer, _) = try self.convert("write(f'{target} of {os.path.getsize(source)} bytes')")
        #expect(answer["text"] as? String == "docx of \(Self.document.count) bytes")
        let warnings = answer["warnings"] as? [[String: Any]] ?? []
        #expect(warnings.contains { $0["code"] as? String == "converted" })
    }

    /// A converter, and so a document that takes it over, sees no file but the document and those of the
    /// system, and reaches no other process or machine.
    @Test func aConverterIsConfined() throws {
        let secrets = try TemporaryFolder()
        try secrets.write("secret", "word")
        let (answer, _) = try self.convert(
            """
            def tried(what):
                try:
                    what()
                    return "done"
                except OSError:
                    return "refused"
            write(", ".join(f"{name} {tried(what)}" for name, what in [
                ("secret", lambda: open("\(secrets("secret"))")),
                ("list", lambda: os.listdir("\(secrets.path)")),
                ("write", lambda: open("\(secrets("written"))", "w")),
                ("tcp", lambda: socket.create_connection(("127.0.0.1", 9))),
                ("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
                ("local", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)),
                ("own", lambda: open(os.environ["HOME"] + "/x", "w").write("x")),
                ("mode", lambda: os.stat(os.environ["HOME"]).st_mode & 0o77 and os.listdir("/none")),
            ]))
            """
        )
        let text = try #require(answer["text"] as? String)
        let hasLandlock = try Command.run(["doctor"]).output.contains("ABI ")
        let files = hasLandlock ? "secret refused, list refused, write refused, " : ""
        #expect(
            text.hasSuffix(
                files + "tcp refused, udp refused, local refused, own done, mode done"
            )
        )
    }

    @Test func aConverterThatFailsIsTold() throws {
        let cases: [(body: String, keys: [String], code: String, says: String)] = [
            ("sys.exit(3)", [], "corrupt", "made nothing"),
            ("os.symlink('/etc/passwd', f'{out}/document.docx')", [], "corrupt", "made nothing"),
            ("os.mkfifo(f'{out}/document.docx')", [], "corrupt", "made nothing"),
            ("open(f'{out}/document.docx', 'w').write('x')", [], "corrupt", ""),
            ("os.kill(os.getpid(), 11)", [], "crashed", "signal 11"),
            ("time.sleep(600)", ["converter_seconds=1"], "timed_out", "converter_seconds"),
            ("while True: pass", ["converter_seconds=1"], "timed_out", "converter_seconds"),
            (
                "[open(n, 'wb').truncate(600 << 20) for n in 'ab']; time.sleep(600)", [],
                "limit_exceeded", "bytes"
            ),
        ]
        for item in cases {
            let (_, error) = try self.convert(item.body, item.keys)
            #expect(error["code"] as? String == item.code, "\(item.body): \(error)")
            let message = error["message"] as? String ?? ""
            #expect(item.says.isEmpty || message.contains(item.says), "\(item.body): \(message)")
        }
    }

    @Test func withoutAConverterADocumentSaysWhatToType() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.doc", Self.document)
        let (_, unnamed) = try self.extract(folder("a.doc"), [])
        #expect(unnamed["code"] as? String == "unsupported_type")
        #expect((unnamed["message"] as? String)?.contains("converter: soffice") == true)
        let (_, missing) = try self.extract(folder("a.doc"), ["converter=/no/such/program"])
        #expect(missing["code"] as? String == "unsupported_type")
        #expect((missing["message"] as? String)?.contains("apt-get install") == true)
    }

    /// Nothing of a converter stays: no process, whatever group it is in, and no file.
    @Test(arguments: [true, false])
    func aConverterLeavesNothingBehind(runIsKilled: Bool) throws {
        let folder = try TemporaryFolder()
        try folder.write("a.doc", Self.document)
        let mark = "millrace-test-\(UUID().uuidString)"
        let path = try self.converter(
            in: folder,
            """
            open("\(mark)", "w").write(open(source, "rb").read().hex())
            subprocess.Popen(["sleep", "600"], start_new_session=True, env={"MARK": "\(mark)"})
            subprocess.Popen(["sleep", "600"], env={"MARK": "\(mark)"})
            os.environ["MARK"] = "\(mark)"
            os.execve("/usr/bin/sleep", ["sleep", "600"], os.environ)
            """
        )
        let seconds = runIsKilled ? 600 : 1
        let command = try Command.start(
            [
                "stage", "extract", "--set", "converter=\(path)",
                "--set", "converter_seconds=\(seconds)",
            ],
            input: #"{"id":1,"path":"\#(folder("a.doc"))"}"#
        )
        if runIsKilled {
            #expect(command.waits { Traces.processes(of: mark).count == 3 })
            #expect(!Traces.files(named: mark).isEmpty)
            command.send(SIGKILL)
        }
        _ = try command.wait()
        // What is left ends by itself, in its own time.
        while !Traces.processes(of: mark).isEmpty || !Traces.files(named: mark).isEmpty {
            usleep(5_000)
        }
    }

    /// What a process that was killed could not take away, the next one does.
    @Test func foldersOfTheDeadAreSweptAway() throws {
        let place = "/dev/shm"
        guard FileManager.default.isWritableFile(atPath: place) else { return }
        let left = "\(place)/millrace-convert-\(getuid())-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: left + "/out",
            withIntermediateDirectories: true
        )
        _ = try self.convert("write('x')")
        #expect(!FileManager.default.fileExists(atPath: left))
    }

    private static let soffice = ["/usr/bin/soffice", "/usr/local/bin/soffice"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// LibreOffice reads back what it wrote itself in the old formats.
    @Test(
        .enabled(
            if: wantsSlowTests && Self.soffice != nil,
            "MILLRACE_SLOW_TESTS is not set, or there is no LibreOffice"
        ),
        arguments: [
            ("a.rtf", "doc", #"{\rtf1 The \b mill\b0  wheel turns.\par In the water.\par}"#),
            ("a.csv", "xls", "wheel,turns\nwater,42\n"),
            (
                "a.fodp", "ppt",
                "<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
                    + "xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' "
                    + "xmlns:svg='urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0' "
                    + "xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' office:version='1.2' "
                    + "office:mimetype='application/vnd.oasis.opendocument.presentation'><office:body>"
                    + "<office:presentation><draw:page draw:name='p'><draw:frame svg:x='1cm' svg:y='1cm' "
                    + "svg:width='9cm' svg:height='3cm'><draw:text-box><text:p>wheel turns water</text:p>"
                    + "</draw:text-box></draw:frame></draw:page></office:presentation></office:body>"
                    + "</office:document>"
            ),
        ]
    )
    func libreOfficeConverts(name: String, ending: String, source: String) throws {
        let program = try #require(Self.soffice)
        let folder = try TemporaryFolder()
        try folder.write(name, source)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "-env:UserInstallation=file://\(folder("profile"))", "--headless", "--convert-to",
            ending, "--outdir", folder.path, folder(name),
        ]
        try process.run()
        process.waitUntilExit()
        let (answer, error) = try self.extract(folder("a.\(ending)"), ["converter=\(program)"])
        let text = try #require(answer["text"] as? String, "\(error)")
        for word in ["wheel", "turns", "water"] { #expect(text.contains(word), "\(ending)") }
        let (again, _) = try self.extract(folder("a.\(ending)"), ["converter=\(program)"])
        #expect(NSDictionary(dictionary: again) == NSDictionary(dictionary: answer))
    }
}

/// What is found on this machine of a program that a test marked.
private enum Traces {
    static func processes(of mark: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { name in
            guard Int32(name) != nil else { return false }
            let environment = FileManager.default.contents(atPath: "/proc/\(name)/environ")
            return environment?.range(of: Data("MARK=\(mark)".utf8)) != nil
        }
    }

    static func files(named mark: String) -> [String] {
        let places = ["/dev/shm", "/run/user/\(getuid())"]
        return places.flatMap { place in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            return names.filter {
                $0.hasPrefix("millrace-convert-")
                    && FileManager.default.fileExists(atPath: "\(place)/\($0)/\(mark)")
            }
        }
    }
}
