import Records
import Testing

@testable import Extraction

@Suite("Source code")
struct SourceCodeTests {
    @Test func theHeadCommentIsProseAndFunctionsAreBlocks() throws {
        let text = """
            #!/usr/bin/env python3
            # Turns the wheel.
            #
            # Licensed freely.

            import os

            def turn(speed):
                \"\"\"Turn.\"\"\"

                return speed

            # Stops it.
            def stop():
                pass
            """
        let content = try extractSourceCode(Array(text.utf8), language: "python")
        #expect(content.kinds == [.paragraph, .paragraph, .code, .code, .code])
        #expect(
            content.plainText.hasPrefix(
                "Turns the wheel.\n\nLicensed freely.\n\nimport os\n\ndef turn"
            )
        )
        #expect(content.markdownText.contains("```python\n# Stops it.\ndef stop():\n    pass\n```"))
    }

    @Test(arguments: [
        ("/* A mill.\n * Two lines. */\nint a;\n", "A mill.\nTwo lines."),
        ("// One\n// two\npackage x\n", "One\ntwo"), ("\"\"\"Doc.\"\"\"\nx = 1\n", "Doc."),
        ("-- A query.\nselect 1;\n", "A query."), ("#include <a.h>\nint b;\n", ""),
    ])
    func headCommentsOfManyLanguages(text: String, comment: String) throws {
        let content = try extractSourceCode(Array(text.utf8), language: "")
        let prose = zip(content.blocks, content.plainRanges).filter { $0.0.kind == .paragraph }
        #expect(
            prose.map { String(decoding: content.text[$0.1], as: UTF8.self) }.joined() == comment
        )
    }
}
