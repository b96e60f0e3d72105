import Records
import Testing

@testable import Extraction

@Suite("Notebooks")
struct NotebookTests {
    static let notebook = #"""
        {"nbformat": 4, "metadata": {"language_info": {"name": "python"}}, "cells": [
        {"cell_type": "markdown", "source": ["# Mill\n", "\n", "Turns *slowly*."]},
        {"cell_type": "code", "source": "x = 1\nprint(x)", "outputs": [
          {"output_type": "stream", "text": ["\u001b[31m1\u001b[0m\n"]},
          {"output_type": "display_data", "data": {"image/png": "QUJD", "text/plain": ["<Figure size 1x1>"]}},
          {"output_type": "execute_result", "data": {"text/plain": "   a\n0  1",
            "text/html": "<table><tr><th></th><th>a</th></tr><tr><th>0</th><td>1</td></tr></table>"}},
          {"output_type": "error", "ename": "ValueError", "evalue": "no water", "traceback": []}]},
        {"cell_type": "raw", "source": "as it is"}]}
        """#

    @Test func cellsAreReadInOrderAndCited() throws {
        let content = try extractJSON(Array(Self.notebook.utf8))
        #expect(content.title == "Mill")
        #expect(content.kinds == [.heading, .paragraph, .code, .code, .table, .code, .paragraph])
        #expect(content.markdownText.contains("```python\nx = 1\nprint(x)\n```\n\n```\n1\n```"))
        #expect(content.plainText.hasSuffix("ValueError: no water\n\nas it is"))
        #expect(content.count(of: "images_left_out") == 1)
        #expect(
            content.blocks.map { $0.place?.label } == [
                "cell 1", "cell 1", "cell 2", "cell 2", "cell 2", "cell 2", "cell 3",
            ]
        )
        expectSound(content) { try extractJSON(Array(Self.notebook.utf8)) }
    }

    @Test func worksheetsOfVersionThreeAreRead() throws {
        let old =
            #"{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "heading", "level": 2, "source": "Old"}, {"cell_type": "code", "input": ["a"], "outputs": []}]}]}"#
        #expect(try extractJSON(Array(old.utf8)).markdownText == "## Old\n\n```\na\n```")
    }
}
