internal import Bytes

/// The levels of headings, by the commands that write them.
let latexSections: [String: Int] = [
    "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5,
    "subparagraph": 6, "frametitle": 2,
]

/// Commands that stand for a character or two.
let latexSymbols: [String: String] = [
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "th": "þ", "LaTeX": "LaTeX",
    "TeX": "TeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX", "ldots": "…", "dots": "…",
    "textellipsis": "…", "textbackslash": "\\", "copyright": "©", "textcopyright": "©", "S": "§",
    "P": "¶", "euro": "€", "texteuro": "€", "EUR": "€", "pounds": "£", "textdegree": "°",
    "degree": "°", "quad": " ", "qquad": " ", "textendash": "–", "textemdash": "—", "slash": "/",
    "textbar": "|", "textless": "<", "textgreater": ">", "textasciitilde": "~", "enspace": " ",
    "textunderscore": "_", "textregistered": "®", "texttrademark": "™", "dag": "†", "ddag": "‡",
    "guillemotleft": "«", "guillemotright": "»", "glqq": "„", "grqq": "“", "og": "«", "fg": "»",
    "textquotedblleft": "“", "textquotedblright": "”", "textbullet": "•", "space": " ",
    "thinspace": " ",
]

/// Commands that set something and print nothing, with the number of their arguments.
let latexDropped: [String: Int] = [
    "label": 1, "ref": 1, "pageref": 1, "eqref": 1, "autoref": 1, "cref": 1, "index": 1,
    "vspace": 1, "hspace": 1, "includegraphics": 1, "input": 1, "include": 1, "bibliography": 1,
    "bibliographystyle": 1, "usepackage": 1, "documentclass": 1, "pagestyle": 1, "nocite": 1,
    "thispagestyle": 1, "setlength": 2, "addtolength": 2, "setcounter": 2, "newcommand": 2,
    "renewcommand": 2, "providecommand": 2, "newtheorem": 2, "color": 1, "pagenumbering": 1,
    "maketitle": 0, "tableofcontents": 0, "listoffigures": 0, "listoftables": 0, "centering": 0,
    "noindent": 0, "newpage": 0, "clearpage": 0, "cleardoublepage": 0, "bigskip": 0,
    "medskip": 0, "smallskip": 0, "hfill": 0, "vfill": 0, "addcontentsline": 3, "hypersetup": 1,
    "definecolor": 3, "lstset": 1, "bfseries": 0, "itshape": 0, "small": 0, "footnotesize": 0,
    "large": 0, "Large": 0, "huge": 0, "normalsize": 0, "tiny": 0, "raggedright": 0,
    "printbibliography": 0, "appendix": 0, "hline": 0, "toprule": 0, "midrule": 0,
    "bottomrule": 0, "selectlanguage": 1, "graphicspath": 1, "fontsize": 2, "selectfont": 0,
    "phantomsection": 0, "newblock": 0, "allowbreak": 0, "sloppy": 0, "multicolumn": 2,
    "multirow": 2, "rule": 2, "hrule": 0, "institute": 0, "and": 0,
]

/// Accents by the sign of their command, as combining characters.
let latexAccents: [UInt8: UInt32] = [
    .apostrophe: 0x301, .backtick: 0x300, .caret: 0x302, .quotationMark: 0x308, .tilde: 0x303,
    .equalsSign: 0x304, .fullStop: 0x307,
]

/// Accents by the letter of their command.
let latexNamedAccents: [String: UInt32] = [
    "c": 0x327, "v": 0x30C, "u": 0x306, "H": 0x30B, "k": 0x328, "r": 0x30A, "d": 0x323, "b": 0x331,
]
