"""Millrace's runs in items, on other engines.

`items` speaks with the command and knows no engine; `spark` and `ray_engine` hand the items out. Every executor needs the
same binary, pipeline file, sources, models and workspace at the same paths.
"""

from .items import Item, Millrace, MillraceError, run_in_phases

__all__ = ["Item", "Millrace", "MillraceError", "run_in_phases"]
