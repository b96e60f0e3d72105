#!/usr/bin/env python3
"""Packs packed-sources/: folders into the EPUB, Office and zip files they are named as, pages by gzip.

Standard library only. The output holds no dates: the same sources give the same bytes on each run
with the same zlib.
"""

import gzip
import pathlib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "packed-sources"
DOCUMENTS = HERE / "documents"
EARLIEST = (1980, 1, 1, 0, 0, 0)


def pack_folder(folder, output):
    """A zip file of a folder's files by name; what tells a book's type is first and stored."""
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    names.sort(key=lambda path: path.name != "mimetype")
    with zipfile.ZipFile(output, "w") as archive:
        for path in names:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EARLIEST)
            entry.create_system = 0
            stored = path.name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def main():
    for path in sorted(SOURCES.iterdir()):
        if path.is_dir():
            output = DOCUMENTS / path.suffix[1:] / path.name
            output.parent.mkdir(exist_ok=True)
            pack_folder(path, output)
        else:
            output = DOCUMENTS / path.suffix[1:] / (path.name + ".gz")
            output.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        print(output.relative_to(HERE), output.stat().st_size)


if __name__ == "__main__":
    main()
