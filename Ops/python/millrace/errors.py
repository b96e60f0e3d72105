"""What can go wrong, one class a kind, so that callers decide by type and not by text.

No message holds text of a document or of a query.
"""


class MillraceError(Exception):
    """Anything that Millrace says itself."""


class NoSnapshotError(MillraceError):
    """The workspace, snapshot, index or chunk that was asked for is not there."""


class CorruptError(MillraceError):
    """A file is not what was written: a changed byte, a missing part, another file's name."""


class TooNewError(MillraceError):
    """A file of a later format than this package reads."""


class TooOldError(MillraceError):
    """A file of an earlier format than this package reads."""


class QueryError(MillraceError):
    """A query, filter or vector that does not fit the index."""


class ModelError(MillraceError):
    """The model that made the index's vectors is not here, or is another one."""


class MissingPackageError(MillraceError, ImportError):
    """Something optional needs a package that is not installed."""

    def __init__(self, package: str, what: str) -> None:
        super().__init__(f"{what} needs the package '{package}'; type: pip install {package}")
        self.package = package
