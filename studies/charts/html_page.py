"""An HTML page that needs nothing else, light or dark as its reader's system is: its style, tables and figures."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterable, Sequence

from studies.charts.palette import DARK_SURFACE, LIGHT_SURFACE, Surface


def _colours(greys: Surface) -> str:
    named = {
        "text": greys.text,
        "base": greys.base,
        "raised": greys.raised,
        "muted": greys.muted,
        "grid": greys.grid,
    }
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())


_STYLE = f"""
:root {{ color-scheme: light dark; {_colours(LIGHT_SURFACE)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {_colours(DARK_SURFACE)} }} }}
body {{ font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--base);
  max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem; overflow-wrap: anywhere; }}
h1, h2, h3 {{ line-height: 1.2; }} h2 {{ margin-top: 2.5rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ padding: .25rem .7rem; text-align: right; border-bottom: 1px solid var(--grid); vertical-align: top; }}
th:first-child, td:first-child, td.text {{ text-align: left; }} th {{ background: var(--raised); }}
figure {{ margin: 1.5rem 0; }} svg, img {{ max-width: 100%; height: auto; }}
pre {{ background: var(--raised); padding: 1rem; overflow-x: auto; }}
blockquote {{ margin: 1rem 0; padding: .1rem 1rem; border-left: .3rem solid var(--grid); }}
p.hint, figcaption {{ color: var(--muted); }}
"""


def escape(text: object) -> str:
    """Any words as HTML shows them, whatever signs are in them."""
    return html.escape(str(text).encode(errors="replace").decode())


def write_page(title: str, body: Iterable[str]) -> str:
    """A whole page; ``title`` is escaped, ``body`` is HTML."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return "\n".join(
        ["<!doctype html>", f'<html lang="en"><head>{head}</head><body>', *body, "</body></html>", ""]
    )


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]], text: bool = False) -> str:
    """A table, its cells escaped: numbers to the right, but for the first column, or ``text``.

    Without ``head`` the rows stand alone.
    """
    kind = ' class="text"' if text else ""
    lines = ["<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>"] if head else []
    lines += ["<tr>" + "".join(f"<td{kind}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return "<table>" + "\n".join(lines) + "</table>"


def write_picture(light: bytes, dark: bytes, words: str, caption: str) -> str:
    """A figure that was drawn twice as SVG, of which the one that fits is shown; ``words``: for who cannot see it."""
    to_dark, to_light = (f"data:image/svg+xml;base64,{b64encode(drawn).decode()}" for drawn in (dark, light))
    return (
        f'<figure><picture><source media="screen and (prefers-color-scheme: dark)" srcset="{to_dark}">'
        f'<img src="{to_light}" alt="{escape(words)}"></picture><figcaption>{escape(caption)}</figcaption></figure>'
    )
