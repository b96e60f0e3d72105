import Records
import Testing

@testable import Extraction

@Suite("Markups")
struct MarkupTests {
    private func markdown(_ text: String, _ type: MediaType) throws -> String {
        let content = try extractMarkup(Array(text.utf8), as: type)
        expectSound(content) { try extractMarkup(Array(text.utf8), as: type) }
        return content.markdownText
    }

    @Test func restructuredTextIsRead() throws {
        let text = """
            ====
            Mill
            ====
            :Author: Ada

            .. contents::

            Water
            -----
            It *turns* **slowly**, see `the pond <http://x.y>`_ and :ref:`label`::

                code here

            - one
              more
            - two

              - deep

            .. code-block:: python

               x = 1

            .. note:: Mind the gap.

            .. image:: a.png
               :alt: A wheel

            ===== =====
            A     B
            ===== =====
            Größe 2
            3     4
            ===== =====

            +---+---+
            | a | b |
            +===+===+
            | 1 | 2 |
            +---+---+

            .. a comment

            Sub
            ~~~
            term
              meaning

            .. [1] A note.
            """
        #expect(
            try self.markdown(text, .restructuredText) == """
                # Mill

                ## Water

                It turns slowly, see the pond and label:

                ```
                code here
                ```

                - one
                  more
                - two
                  - deep

                ```python
                x = 1
                ```

                Mind the gap.

                A wheel

                | A | B |
                | --- | --- |
                | Größe | 2 |
                | 3 | 4 |

                | a | b |
                | --- | --- |
                | 1 | 2 |

                ### Sub

                term
                : meaning

                [^1]: A note.
                """
        )
    }

    @Test func asciiDocIsRead() throws {
        let text = """
            = Mill
            Ada Miller <ada@x.y>
            :place: Ulm

            // a comment
            == Water
            It *turns* in {place}, see link:http://x.y[the pond].

            * one
            ** deep
            * two

            . first
            . second

            [source,ruby]
            ----
            x = 1
            ----

            .Prices
            |===
            |A |B

            |1
            |2
            |===

            ____
            A quote.
            ____

            NOTE: Mind the gap.

            wheel:: turns
            """
        let content = try extractMarkup(Array(text.utf8), as: .asciiDoc)
        #expect(content.metadata["author"] == "Ada Miller")
        #expect(
            content.markdownText == """
                # Mill

                ## Water

                It turns in Ulm, see the pond.

                - one
                  - deep
                - two

                1. first
                2. second

                ```ruby
                x = 1
                ```

                Prices

                | A | B |
                | --- | --- |
                | 1 | 2 |

                > A quote.

                NOTE: Mind the gap.

                - wheel: turns
                """
        )
    }

    @Test func orgIsRead() throws {
        let text = """
            #+TITLE: Mill
            * \("TO" + "DO") [#A] Water :pond:
            SCHEDULED: <2031-03-01>
            :PROPERTIES:
            :ID: 5
            :END:
            It *turns* /slowly/, see [[http://x.y][the pond]] and ~a = b~.
            - one
              more
              1. deep
            - two
            | A | B |
            |---+---|
            | 1 | 2 |
            #+BEGIN_SRC python
            x = 1
            #+END_SRC
            # a comment
            : fixed
            [fn:1] A note.
            """
        let content = try extractMarkup(Array(text.utf8), as: .org)
        #expect(content.title == "Mill")
        #expect(
            content.markdownText == """
                # Water

                It turns slowly, see the pond and a = b.

                - one
                  more
                  1. deep
                - two

                | A | B |
                | --- | --- |
                | 1 | 2 |

                ```python
                x = 1
                ```

                ```
                fixed
                ```

                [^1]: A note.
                """
        )
    }

    @Test func latexIsRead() throws {
        let text = #"""
            \documentclass{article} % a comment
            \title{The \emph{Mill}}\author{J\"org \'Etienne}
            \begin{document}
            \maketitle
            \section{Water}\label{sec:w}
            It \textbf{turns} 5\,\% --- ``slowly''\footnote{A note.} at $x^2$, see \href{http://x.y}{the pond}.

            \begin{itemize}
            \item one
            \begin{enumerate} \item deep \end{enumerate}
            \item two
            \end{itemize}
            \begin{table}[ht]\centering
            \caption{Prices}
            \begin{tabular}{lr} \toprule
            A & B \\ \midrule
            \multicolumn{2}{c}{Gr\"o\ss e} \\
            1 & 2 \\ \bottomrule
            \end{tabular}
            \end{table}
            \begin{equation} a = b \label{eq:a} \end{equation}
            \begin{verbatim}
            x = \y
            \end{verbatim}
            \end{document}
            after
            """#
        let content = try extractMarkup(Array(text.utf8), as: .latex)
        #expect(content.title == "The Mill")
        #expect(content.metadata["author"] == "Jörg Étienne")
        #expect(
            content.markdownText == """
                ## Water

                It turns 5 % — “slowly”[^1] at $x^2$, see the pond.

                [^1]: A note.

                - one
                  1. deep
                - two

                Prices

                | A | B |
                | --- | --- |
                | Größe |  |
                | 1 | 2 |

                $$a = b$$

                ```
                x = \\y
                ```
                """
        )
    }

    @Test(arguments: [MediaType.restructuredText, .asciiDoc, .org, .latex])
    func hostileMarkupEnds(type: MediaType) throws {
        let pieces = [
            "*", "`", "``", "_", "[[", "[", "{", "}", "\\section{", "\\begin{tabular}{l}", "\\\\",
            "$", "$$",
            ".. x:: y\n", "== ==\nx\n", "+--\n", "|===\n", "|a", "----\n", "#+BEGIN_SRC\n",
            "- a\n\n", "  - b\n",
            "::\n", "<<", "{a}", ":a: b\n", "===\n", "\n\n\n\n", "\u{301}", "\\verb|", "\\\"", "%",
            "_]_", "é_",
        ]
        for piece in pieces {
            let bytes = Array(String(repeating: piece, count: 20_000).utf8)
            guard let content = try? extractMarkup(bytes, as: type) else { continue }
            #expect(content.blocks.count == content.plainRanges.count)
        }
        for seed in 1...150 {
            var numbers = SeededGenerator(state: UInt64(seed))
            let text = (0..<60).map { _ in
                (pieces.randomElement(using: &numbers) ?? "") + (seed % 3 == 0 ? " word " : "")
            }.joined()
            guard let content = try? extractMarkup(Array(text.utf8), as: type) else { continue }
            expectSound(content, seed: UInt64(seed)) {
                try extractMarkup(Array(text.utf8), as: type)
            }
        }
    }
}
