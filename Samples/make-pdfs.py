#!/usr/bin/env python3
"""Typesets pdf-sources/*.txt into PDF 1.4 files under documents/.

Standard library only. The output holds no dates and no random ids: the same sources give the same
bytes on each run with the same zlib.

A source begins with `key: value` lines (title, author, language, running, output, and optionally
face: times|helvetica, size: body points) up to a blank line. Blocks follow, parted by blank lines:

    # Title            ## Heading            ### Subheading
    - item             one list item per line
    | a | b |          table rows, set as aligned columns without rules
    > code             lines in Courier, kept as they are
    @columns 2         the blocks that follow are set in two columns
    @page              a new page

Everything else is a paragraph. `~` is a space that no line is broken at.
"""

import hashlib
import pathlib
import re
import sys
import unicodedata
import zlib

HERE = pathlib.Path(__file__).resolve().parent
PAGE_WIDTH, PAGE_HEIGHT = 595, 842
LEFT, RIGHT, TOP, BOTTOM, GUTTER = 72, 72, 90, 84, 24

# Advance widths of the characters 32 to 126 in 1/1000 em, from Adobe's core font metrics.
ASCII_WIDTHS = {
    "Helvetica": """278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556
        556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278
        500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333
        556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722
        500 500 500 334 260 334 584""",
    "Helvetica-Bold": """278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556
        556 556 556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278
        556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333
        556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778
        556 556 500 389 280 389 584""",
    "Times-Roman": """250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500
        500 500 500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389
        722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444
        500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500
        500 444 480 200 480 541""",
    "Times-Bold": """250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500
        500 500 500 500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500
        778 667 944 722 778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333
        500 556 444 556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722
        500 500 444 394 220 394 520""",
}
# Characters beyond ASCII that are no accented letter, in the order of the fonts above.
OTHER_WIDTHS = {
    "ß": (611, 611, 500, 556), "æ": (889, 889, 667, 722), "Æ": (1000, 1000, 889, 1000),
    "œ": (944, 944, 722, 722), "Œ": (1000, 1000, 889, 1000), "ø": (611, 611, 500, 500),
    "«": (556, 556, 500, 500), "»": (556, 556, 500, 500), "€": (556, 556, 500, 500),
    "–": (556, 556, 500, 500), "—": (1000, 1000, 1000, 1000), "‘": (222, 278, 333, 333),
    "’": (222, 278, 333, 333), "“": (333, 500, 444, 500), "”": (333, 500, 444, 500),
    "„": (333, 500, 444, 500), "•": (350, 350, 350, 350), "§": (556, 556, 500, 500),
    "°": (400, 400, 400, 400), "·": (278, 278, 250, 250), "×": (584, 584, 564, 570),
    "½": (834, 834, 750, 750), "…": (1000, 1000, 1000, 1000), "¿": (611, 611, 444, 500),
    "¡": (333, 333, 333, 333), "º": (365, 365, 310, 330), "ª": (370, 370, 276, 300),
    "í": (278, 278, 278, 278), "î": (278, 278, 278, 278), "ï": (278, 278, 278, 278),
    "ì": (278, 278, 278, 278), "\u00a0": (278, 278, 250, 250),
}
FONTS = ["Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold", "Courier"]


def base_letter(char):
    return unicodedata.normalize("NFD", char)[0]


def make_widths(font):
    if font == "Courier":
        return {}
    table = {chr(32 + i): int(w) for i, w in enumerate(ASCII_WIDTHS[font].split())}
    column = FONTS.index(font)
    for char, widths in OTHER_WIDTHS.items():
        table[char] = widths[column]
    for char in "äöüÄÖÜàâáãåçéèêëñóòôõúùûýÿÀÂÁÅÇÉÈÊËÑÓÒÔÚÙÛ":
        table[char] = table[base_letter(char)]
    return table


WIDTHS = {font: make_widths(font) for font in FONTS}


def width(text, font, size):
    if font == "Courier":
        return 0.6 * size * len(text)
    table = WIDTHS[font]
    return sum(table[char] for char in text) * size / 1000


# --- lines -----------------------------------------------------------------------------------------

VOWELS = set("aeiouyäöüáéíóúàâèêëîïôûAEIOUYÄÖÜ")
KEPT_TOGETHER = {"ch", "ck", "sch", "ph", "th", "sh", "gn", "st", "tr", "pr", "br", "dr", "cr", "gr",
                 "bl", "cl", "fl", "gl", "pl", "kl", "qu", "ll", "rr"}


def break_points(word):
    """Offsets after which a word may be hyphenated: before the last consonant between two vowels."""
    points = []
    for i in range(3, len(word) - 2):
        if word[i] in VOWELS or word[i + 1] not in VOWELS or not word[i - 1:i + 2].isalpha():
            continue
        cut = next((i + 1 - n for n in (3, 2) if word[i + 1 - n:i + 1].lower() in KEPT_TOGETHER), i)
        if any(c in VOWELS for c in word[:cut]) and 3 <= cut <= len(word) - 3:
            points.append(cut)
    return points


def break_lines(text, font, size, measure):
    """Greedy lines of `text`; a word that leaves a wide gap is hyphenated."""
    lines, line = [], ""
    for word in text.split():
        word = word.replace("~", "\u00a0")
        candidate = f"{line} {word}" if line else word
        if width(candidate, font, size) <= measure:
            line = candidate
            continue
        gap = measure - width(line, font, size) if line else measure
        if word.isalpha() and len(word) >= 7 and gap > 0.06 * measure:
            for cut in reversed(break_points(word)):
                part = f"{line} {word[:cut]}-" if line else f"{word[:cut]}-"
                if width(part, font, size) <= measure:
                    lines.append(part)
                    line, word = "", word[cut:]
                    break
        if line:
            lines.append(line)
        line = word
    if line:
        lines.append(line)
    return lines


# --- pages -----------------------------------------------------------------------------------------


class Typesetter:
    """Sets blocks into columns, columns into pages; each page is a list of PDF text operators."""

    def __init__(self, info):
        self.face = info.get("face", "times")
        self.regular, self.bold = {
            "times": ("Times-Roman", "Times-Bold"), "helvetica": ("Helvetica", "Helvetica-Bold")
        }[self.face]
        self.size = float(info.get("size", "10.5"))
        self.running = info.get("running", info["title"])
        self.pages = []
        self.columns = 1
        self.new_page()

    @property
    def measure(self):
        whole = PAGE_WIDTH - LEFT - RIGHT
        return whole if self.columns == 1 else (whole - GUTTER) / 2

    @property
    def x(self):
        return LEFT + self.column * (self.measure + GUTTER)

    def new_page(self):
        self.pages.append([])
        self.column = 0
        self.column_top = self.y = PAGE_HEIGHT - TOP

    def next_column(self):
        if self.column + 1 < self.columns:
            self.column += 1
            self.y = self.column_top
        else:
            self.new_page()

    def need(self, height):
        if self.y - height < BOTTOM:
            self.next_column()

    def set_columns(self, count):
        if count != self.columns and self.column > 0:
            self.new_page()
        elif self.y < self.column_top:
            self.y -= self.size
        self.columns, self.column = count, 0
        self.column_top = self.y

    def put(self, x, y, text, font, size):
        data = text.replace("\u00a0", " ").encode("cp1252")
        for char, escaped in ((b"\\", b"\\\\"), (b"(", b"\\("), (b")", b"\\)")):
            data = data.replace(char, escaped)
        name = f"/F{FONTS.index(font) + 1} {size:g} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm (".encode()
        self.pages[-1].append(name + data + b") Tj")

    def lines(self, lines, font, size, indent=0.0, mark=None):
        leading = size * 1.25
        for number, line in enumerate(lines):
            self.need(leading)
            self.y -= leading
            if mark and number == 0:
                self.put(self.x + indent - 12, self.y, mark, font, size)
            self.put(self.x + indent, self.y, line, font, size)

    def heading(self, text, level):
        size = {1: 20.0, 2: 13.5, 3: 11.5}[level]
        # A heading keeps two lines of what follows with it.
        self.need(size * 2.0 + self.size * 2.5)
        if self.y < self.column_top:
            self.y -= size * 0.7
        self.lines(break_lines(text, self.bold, size, self.measure), self.bold, size)
        self.y -= size * 0.3

    def paragraph(self, text):
        lines = break_lines(text, self.regular, self.size, self.measure)
        self.lines(lines, self.regular, self.size)
        self.y -= self.size * 0.55

    def items(self, items):
        for item in items:
            lines = break_lines(item, self.regular, self.size, self.measure - 16)
            self.lines(lines, self.regular, self.size, indent=16, mark="•")
        self.y -= self.size * 0.55

    def code(self, lines):
        size = self.size * 0.82
        self.lines(lines, "Courier", size, indent=8)
        self.y -= self.size * 0.55

    def table(self, rows):
        count = len(rows[0])
        widths = [
            max(width(row[i], self.bold if r == 0 else self.regular, self.size)
                for r, row in enumerate(rows))
            for i in range(count)
        ]
        gap = (self.measure - sum(widths)) / max(1, count - 1)
        if gap < 12:
            sys.exit(f"table too wide by {12 - gap:.0f} points: {rows[0]}")
        gap = min(gap, 42)
        leading = self.size * 1.45
        self.need(leading * min(len(rows), 4))
        for number, row in enumerate(rows):
            self.need(leading)
            self.y -= leading
            font = self.bold if number == 0 else self.regular
            x = self.x
            for cell, cell_width in zip(row, widths):
                # Figures stand at the right of their column.
                is_figure = re.fullmatch(r"[\d.,%€ \u00a0–-]+", cell) is not None
                shift = cell_width - width(cell, font, self.size) if is_figure else 0
                self.put(x + shift, self.y, cell, font, self.size)
                x += cell_width + gap
        self.y -= self.size * 0.9

    def finish(self):
        bodies, total = self.pages, len(self.pages)
        for index, body in enumerate(bodies):
            self.pages = [[]]
            self.put(LEFT, PAGE_HEIGHT - 54, self.running, self.regular, 8.5)
            number = f"{index + 1} / {total}"
            left = (PAGE_WIDTH - width(number, self.regular, 8.5)) / 2
            self.put(left, 48, number, self.regular, 8.5)
            header, footer = self.pages[0]
            bodies[index] = [header, *body, footer]
        return bodies


def typeset(info, blocks):
    setter = Typesetter(info)
    for block in blocks:
        lines = block.splitlines()
        first = lines[0]
        if first.startswith("@columns"):
            setter.set_columns(int(first.split()[1]))
        elif first == "@page":
            setter.new_page()
            setter.column_top = setter.y
        elif match := re.match(r"(#{1,3}) ", first):
            setter.heading(first[match.end():], len(match[1]))
        elif first.startswith("- "):
            setter.items([line[2:] for line in lines])
        elif first.startswith("| "):
            rows = [[cell.strip().replace("~", "\u00a0") for cell in line.strip("| ").split("|")]
                    for line in lines]
            setter.table(rows)
        elif first.startswith("> "):
            setter.code([line[2:] for line in lines])
        else:
            setter.paragraph(" ".join(lines))
    return setter.finish()


# --- file ------------------------------------------------------------------------------------------


def text_string(text):
    """A text string object: Latin where that is enough, else UTF-16 with a mark."""
    try:
        data = text.encode("ascii")
    except UnicodeEncodeError:
        return b"<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper().encode() + b">"
    return b"(" + re.sub(rb"([\\()])", rb"\\\1", data) + b")"


def write_pdf(info, pages):
    objects = []

    def add(body):
        objects.append(body)
        return len(objects)

    catalog, tree = add(b""), add(b"")
    fonts = [
        add(f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>".encode())
        for font in FONTS
    ]
    resources = " ".join(f"/F{i + 1} {number} 0 R" for i, number in enumerate(fonts))
    kids = []
    for page in pages:
        stream = zlib.compress(b"BT\n" + b"\n".join(page) + b"\nET\n", 9)
        content = add(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream")
        kids.append(add(
            f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
            f"/Resources << /Font << {resources} >> >> /Contents {content} 0 R >>".encode()))
    objects[tree - 1] = (
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode())
    objects[catalog - 1] = (
        f"<< /Type /Catalog /Pages {tree} 0 R /Lang ({info['language']}) >>".encode())
    information = add(
        b"<< /Title " + text_string(info["title"]) + b" /Author " + text_string(info["author"])
        + b" /Producer (make-pdfs.py) >>")

    output = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(output))
        output += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(output)
    output += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    output += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    identity = hashlib.md5(output).hexdigest().upper().encode()
    output += (
        b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, catalog, information, identity, identity, start))
    return output


def read_source(path):
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    info = dict(re.split(r":\s*", line, maxsplit=1) for line in head.splitlines())
    return info, [block for block in re.split(r"\n\s*\n", body.strip("\n")) if block.strip()]


def main():
    for path in sorted((HERE / "pdf-sources").glob("*.txt")):
        info, blocks = read_source(path)
        target = HERE / "documents" / info.get("output", f"pdf/{path.stem}.pdf")
        pages = typeset(info, blocks)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(write_pdf(info, pages))
        print(f"{target.relative_to(HERE)}: {len(pages)} pages")


if __name__ == "__main__":
    main()
