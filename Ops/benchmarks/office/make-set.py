#!/usr/bin/env python3
"""Makes files of Office and text formats with known texts, and scores what `millrace stage extract` reads.

    python3 make-set.py make FOLDER [--count 20] [--seed 1]
    python3 make-set.py score FOLDER --binary .build/release/millrace

Needs openpyxl, python-pptx and odfpy. The truth of a file is what was put into it, in FOLDER/truth.json;
the score is the F1 of its words, lower than 0.99 in none that is read well.
"""

import argparse
import collections
import csv
import datetime
import io
import json
import pathlib
import random
import re
import subprocess

WORDS = (
    "river stone harbour window engine letter market garden bridge copper signal winter paper ladder valley "
    "Größe Prüfung façade élève año señal niño Straße мост река завод 水車 製粉 naïve coöperate œuvre"
).split()


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.truth = []

    def words(self, low=2, high=9):
        text = " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(low, high)))
        return text

    def say(self, text):
        self.truth.append(str(text))
        return text

    def number(self):
        return round(self.random.uniform(-5000, 99999), 2)

    def day(self):
        return datetime.datetime(2019, 1, 1) + datetime.timedelta(days=self.random.randint(0, 4000))


def make_xlsx(maker, path):
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for index in range(maker.random.randint(1, 3)):
        sheet = book.create_sheet(maker.say(f"Blatt {index} {maker.random.choice(WORDS)}"[:30]))
        sheet.append([maker.say(maker.words(3, 6))])
        sheet.append([])
        sheet.append([maker.say(f"col{number} {maker.random.choice(WORDS)}") for number in range(5)])
        for _ in range(maker.random.randint(4, 30)):
            day, value, share = maker.day(), maker.number(), maker.random.random()
            sheet.append([maker.say(maker.words()), day, value, share, maker.random.random() < 0.5])
            row = sheet.max_row
            sheet.cell(row, 2).number_format = "yyyy-mm-dd"
            sheet.cell(row, 3).number_format = "#,##0.00"
            sheet.cell(row, 4).number_format = "0.0%"
            maker.say(day.strftime("%Y-%m-%d"))
            maker.say(f"{value:,.2f}")
            maker.say(f"{round(share * 100 + 1e-9, 1):.1f}%")
            maker.say("TRUE" if sheet.cell(row, 5).value else "FALSE")
    book.save(path)


def make_pptx(maker, path):
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    for index in range(maker.random.randint(2, 6)):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = maker.say(maker.words(2, 5))
        frame = slide.placeholders[1].text_frame
        frame.text = maker.say(maker.words())
        for level in range(maker.random.randint(1, 4)):
            paragraph = frame.add_paragraph()
            paragraph.text = maker.say(maker.words())
            paragraph.level = level % 3
        if index % 2:
            table = slide.shapes.add_table(3, 3, Inches(1), Inches(4), Inches(6), Inches(1)).table
            for row in range(3):
                for column in range(3):
                    table.cell(row, column).text = maker.say(maker.words(1, 3))
        box = slide.shapes.add_group_shape().shapes.add_textbox(0, 0, Inches(2), Inches(1))
        box.text_frame.text = maker.say(maker.words())
        slide.notes_slide.notes_text_frame.text = maker.say(maker.words(4, 12))
    deck.save(path)


def make_odt(maker, path):
    from odf import opendocument, table, text

    document = opendocument.OpenDocumentText()
    for _ in range(maker.random.randint(2, 5)):
        document.text.addElement(text.H(outlinelevel=1, text=maker.say(maker.words(2, 4))))
        document.text.addElement(text.P(text=maker.say(maker.words(8, 30))))
        entries = text.List()
        for _ in range(3):
            item = text.ListItem()
            item.addElement(text.P(text=maker.say(maker.words())))
            entries.addElement(item)
        document.text.addElement(entries)
        grid = table.Table()
        for _ in range(3):
            row = table.TableRow()
            for _ in range(3):
                cell = table.TableCell()
                cell.addElement(text.P(text=maker.say(maker.words(1, 3))))
                row.addElement(cell)
            grid.addElement(row)
        document.text.addElement(grid)
    document.save(str(path))


def make_ods(maker, path):
    from odf import opendocument, table, text

    document = opendocument.OpenDocumentSpreadsheet()
    for index in range(2):
        sheet = table.Table(name=maker.say(f"Sheet {index} {maker.random.choice(WORDS)}"))
        for _ in range(maker.random.randint(3, 12)):
            row = table.TableRow()
            for _ in range(4):
                cell = table.TableCell(valuetype="string")
                cell.addElement(text.P(text=maker.say(maker.words(1, 4))))
                row.addElement(cell)
            sheet.addElement(row)
        document.spreadsheet.addElement(sheet)
    document.save(str(path))


def make_odp(maker, path):
    from odf import draw, opendocument, style, text

    document = opendocument.OpenDocumentPresentation()
    layout = style.PageLayout(name="L")
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="M", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    for _ in range(maker.random.randint(2, 5)):
        page = draw.Page(masterpagename=master)
        for kind in ("title", "outline"):
            frame = draw.Frame(width="5cm", height="2cm")
            frame.setAttrNS("urn:oasis:names:tc:opendocument:xmlns:presentation:1.0", "class", kind)
            box = draw.TextBox()
            box.addElement(text.P(text=maker.say(maker.words())))
            frame.addElement(box)
            page.addElement(frame)
        document.presentation.addElement(page)
    document.save(str(path))


def make_rtf(maker, path):
    def escaped(value):
        out = []
        for unit in memoryview(value.encode("utf-16-le")).cast("H"):
            out.append(chr(unit) if unit < 128 else f"\\u{unit if unit < 32768 else unit - 65536}?")
        return "".join(out)

    body = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}"]
    body.append(r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}}")
    for _ in range(maker.random.randint(2, 5)):
        body.append(r"\pard\s1\outlinelevel0 " + escaped(maker.say(maker.words(2, 4))) + r"\par")
        body.append(r"\pard\s0 " + escaped(maker.say(maker.words(8, 30))) + r"\par")
        for _ in range(3):
            cells = "".join(escaped(maker.say(maker.words(1, 3))) + r"\cell " for _ in range(3))
            body.append(r"\trowd\cellx2000\cellx4000\cellx6000\pard\intbl " + cells + r"\row")
    path.write_text("\n".join(body) + "}", encoding="ascii")


def make_csv(maker, path, delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([maker.say(f"name{number}") for number in range(5)])
    for _ in range(maker.random.randint(5, 60)):
        row = [maker.words(), maker.number(), maker.words() + "\n" + maker.words(), 'say "so"', maker.words(1, 1)]
        writer.writerow([maker.say(cell) for cell in row])
    path.write_bytes(out.getvalue().encode("utf-8"))


def make_json(maker, path):
    records = [{"name": maker.words(), "note": maker.words(), "count": maker.random.randint(0, 999)} for _ in range(12)]
    for key in records[0]:
        maker.say(key)
    for record in records:
        for value in record.values():
            maker.say(value)
    path.write_text(json.dumps(records), encoding="utf-8")


def make_notebook(maker, path):
    def cell(kind, source, **more):
        return {"cell_type": kind, "metadata": {}, "source": [source], **more}

    cells = []
    for index in range(6):
        cells.append(cell("markdown", f"## {maker.say(maker.words())}\n\n{maker.say(maker.words())}"))
        printed = maker.say(maker.words())
        output = {"output_type": "stream", "name": "stdout", "text": [printed + "\n"]}
        code = maker.say(f"value{index} = {index}")
        cells.append(cell("code", code, outputs=[output], execution_count=index))
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))


def make_subtitles(maker, path):
    lines = []
    for index in range(30):
        text = maker.say(maker.words(3, 8))
        lines.append(f"{index + 1}\n00:00:{index:02},000 --> 00:00:{index:02},900\n<i>{text}</i>\n")
    path.write_text("\n".join(lines), encoding="utf-8")


MAKERS = {
    "xlsx": make_xlsx, "pptx": make_pptx, "odt": make_odt, "ods": make_ods, "odp": make_odp, "rtf": make_rtf,
    "csv": make_csv, "tsv": lambda maker, path: make_csv(maker, path, "\t"), "json": make_json,
    "ipynb": make_notebook, "srt": make_subtitles,
}


def tokens(text):
    return collections.Counter(re.findall(r"\w+", text))


def score(expected, found):
    common = sum((expected & found).values())
    return 2 * common / max(1, sum(expected.values()) + sum(found.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verb", choices=["make", "score"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", default=".build/release/millrace")
    options = parser.parse_args()
    if options.verb == "make":
        options.folder.mkdir(parents=True, exist_ok=True)
        truth = {}
        for kind, make in MAKERS.items():
            for number in range(options.count):
                maker = Maker(f"{options.seed}/{kind}/{number}")
                name = f"{number:02}.{kind}"
                make(maker, options.folder / name)
                truth[name] = maker.truth
        (options.folder / "truth.json").write_text(json.dumps(truth))
        return
    truth = json.loads((options.folder / "truth.json").read_text())
    rows = "".join(json.dumps({"id": name, "path": str(options.folder / name)}) + "\n" for name in truth)
    run = subprocess.run([options.binary, "stage", "extract"], input=rows, capture_output=True, text=True)
    answers = {row["id"]: row for row in map(json.loads, run.stdout.splitlines())}
    worst = collections.defaultdict(lambda: (1.0, ""))
    for name, parts in truth.items():
        found = score(tokens(" ".join(parts)), tokens(answers.get(name, {}).get("text", "")))
        worst[name.split(".")[1]] = min(worst[name.split(".")[1]], (found, name))
    for kind, (value, name) in sorted(worst.items()):
        print(f"{kind}\t{value:.4f}\t{name}")


if __name__ == "__main__":
    main()
