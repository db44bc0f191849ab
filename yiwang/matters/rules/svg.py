"""The drawing of a process as a file of its own, for other systems (SVG 1.1)."""

from collections.abc import Callable, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from .diagram import Diagram, Flow, Node, diagram
from .process import Process, StepPlan

LINE: Final = 11
"""How many wide signs fit into a line of a box; narrow ones count half."""
INK, BRAND, PAPER = "#1d2733", "#1f5f8b", "#ffffff"
SIGNS: Final = {"parallel": "+", "inclusive": "○", "exclusive": "×"}
Small = Callable[[StepPlan], Sequence[str]]
"""The small lines of a step: who does it, how long it takes."""


def wrapped(text: str, most: int = LINE) -> list[str]:
    """At most two lines; what does not fit ends with an ellipsis, and stands whole beside."""
    lines, width = [""], 0.0
    for sign in text:
        wide = 0.55 if sign.isascii() else 1.0
        if width + wide > most:
            lines, width = [*lines, ""], 0.0
        lines[-1] += sign
        width += wide
    return lines if len(lines) <= 2 else [lines[0], lines[1][:-1] + "…"]


def to_svg(title: str, process: Process, small: Small) -> str:
    """The process drawn from above down; colours and type are in the file itself."""
    sheet = diagram(process)
    shapes = [*map(_arrow, sheet.flows), *(_shape(node, small) for node in sheet.nodes)]
    return "\n".join([*_head(title, sheet), *shapes, "</svg>", ""])


def _head(title: str, sheet: Diagram) -> list[str]:
    size = (
        f'viewBox="0 0 {sheet.width} {sheet.height}" width="{sheet.width}" height="{sheet.height}"'
    )
    return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif"'
        f' text-anchor="middle" role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        f' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="{INK}"/></marker></defs>',
    ]


def _arrow(flow: Flow) -> str:
    points = " ".join(f"{x},{y}" for x, y in flow.points)
    dashed = "" if flow.kind == "plain" else ' stroke-dasharray="6 4"'
    return (
        f'<polyline points="{points}" fill="none" stroke="{INK}"{dashed} marker-end="url(#tip)"/>'
    )


def _shape(node: Node, small: Small) -> str:
    if node.step is not None:
        return _task(node, node.step, small(node.step))
    if node.kind in {"start", "end"}:
        wide = 3 if node.kind == "end" else 1
        return (
            f'<circle cx="{node.cx}" cy="{node.cy}" r="15" fill="{PAPER}" stroke="{INK}"'
            f' stroke-width="{wide}"/>'
        )
    corners = " ".join(f"{x},{y}" for x, y in (node.top, node.right, node.bottom, node.left))
    sign = _text(node.cx, node.cy + 6, SIGNS.get(node.kind, ""), 18)
    return f'<g><polygon points="{corners}" fill="{PAPER}" stroke="{INK}"/>{sign}</g>'


def _task(node: Node, step: StepPlan, small: Sequence[str]) -> str:
    lines = wrapped(step.name)
    top = node.y + (28 if len(lines) == 1 else 20)
    texts = [_text(node.cx, top + 17 * number, line, 14) for number, line in enumerate(lines)]
    texts += [_text(node.cx, node.y + 58 + 16 * at, line, 11) for at, line in enumerate(small)]
    dashed = ' stroke-dasharray="6 4"' if step.when else ""
    return (
        f"<g><title>{escape(step.name)}</title>"
        f'<rect x="{node.x}" y="{node.y}" width="{node.w}" height="{node.h}" rx="8"'
        f' fill="{PAPER}" stroke="{BRAND}" stroke-width="1.5"{dashed}/>{"".join(texts)}</g>'
    )


def _text(x: int, y: int, text: str, size: int) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{INK}">{escape(text)}</text>'
