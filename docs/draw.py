"""Draws docs/*.txt as SVG files beside them: python3 docs/draw.py

A text file has lines of three kinds. Columns and rows count from 0.
    title TEXT
    box ID COLUMN ROW HEAD | LINE | LINE
    arrow FROM TO [both] [LABEL]
Boxes are joined by straight arrows from edge to edge. The SVG follows the reader's light or dark colour scheme.
"""

import html
from pathlib import Path

BOX_WIDTH, BOX_HEIGHT = 172, 66
COLUMN_WIDTH, ROW_HEIGHT = 262, 132
LEFT, TOP = 16, 52
STYLE = """
    text { font: 12px sans-serif; fill: #1f2933; text-anchor: middle }
    .title { font-size: 15px; font-weight: bold; text-anchor: start }
    .head { font-weight: bold }
    .background { fill: #ffffff }
    .box { fill: #eef3f8; stroke: #7b8794 }
    .arrow { stroke: #2f7d4f; stroke-width: 1.6; fill: none }
    .tip { fill: #2f7d4f }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .background { fill: #0d1117 }
      .box { fill: #1c2733; stroke: #8b949e }
      .arrow { stroke: #56b97f }
      .tip { fill: #56b97f }
    }"""


def parse(lines):
    title, boxes, arrows = "", {}, []
    for line in lines:
        kind, _, rest = line.strip().partition(" ")
        if kind == "title":
            title = rest
        elif kind == "box":
            name, column, row, text = rest.split(" ", 3)
            boxes[name] = (int(column), int(row), [part.strip() for part in text.split("|")])
        elif kind == "arrow":
            parts = rest.split(" ", 2)
            label = parts[2] if len(parts) > 2 else ""
            both = label.split(" ")[0] == "both"
            arrows.append((parts[0], parts[1], both, label.removeprefix("both").strip()))
        elif kind and not kind.startswith("#"):
            raise SystemExit(f"{line!r} (expected: title, box or arrow)")
    return title, boxes, arrows


def corner(box):
    return LEFT + box[0] * COLUMN_WIDTH, TOP + box[1] * ROW_HEIGHT


def draw_box(box):
    x, y = corner(box)
    head, *lines = box[2]
    yield f'<rect class="box" x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
    yield f'<text class="head" x="{x + BOX_WIDTH / 2}" y="{y + 18}">{html.escape(head)}</text>'
    for i, line in enumerate(lines):
        yield f'<text x="{x + BOX_WIDTH / 2}" y="{y + 37 + 16 * i}">{html.escape(line)}</text>'


def draw_arrow(start, end, both, label):
    (x1, y1), (x2, y2) = corner(start), corner(end)
    if start[1] == end[1]:  # in a row
        right = start[0] < end[0]
        x1, x2 = (x1 + BOX_WIDTH, x2) if right else (x1, x2 + BOX_WIDTH)
        y1 = y2 = y1 + BOX_HEIGHT / 2
        text_x, text_y, anchor = (x1 + x2) / 2, y1 - 7, "middle"
    elif start[0] == end[0]:  # in a column
        down = start[1] < end[1]
        y1, y2 = (y1 + BOX_HEIGHT, y2) if down else (y1, y2 + BOX_HEIGHT)
        x1 = x2 = x1 + BOX_WIDTH / 2
        text_x, text_y, anchor = x1 + 8, (y1 + y2) / 2 + 4, "start"
    else:  # diagonally, from the side that faces the other box
        right = start[0] < end[0]
        x1, x2 = (x1 + BOX_WIDTH, x2) if right else (x1, x2 + BOX_WIDTH)
        y1, y2 = y1 + BOX_HEIGHT / 2, y2 + BOX_HEIGHT / 2
        text_x, text_y, anchor = (x1 + x2) / 2 + 8, (y1 + y2) / 2 + 12, "start"
    marker = ' marker-start="url(#tip)"' if both else ""
    yield f'<path class="arrow" d="M{x1} {y1}L{x2} {y2}" marker-end="url(#tip)"{marker}/>'
    for i, line in enumerate(reversed(label.split(" | "))):
        yield f'<text x="{text_x}" y="{text_y - 14 * i}" style="text-anchor:{anchor}">{html.escape(line)}</text>'


def draw(lines):
    title, boxes, arrows = parse(lines)
    width = 2 * LEFT + BOX_WIDTH + COLUMN_WIDTH * max(box[0] for box in boxes.values())
    height = TOP + 16 + BOX_HEIGHT + ROW_HEIGHT * max(box[1] for box in boxes.values())
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    yield f"<style>{STYLE}\n</style>"
    yield '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    yield 'orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
    yield '<rect class="background" width="100%" height="100%"/>'
    yield f'<text class="title" x="{LEFT}" y="26">{html.escape(title)}</text>'
    for box in boxes.values():
        yield from draw_box(box)
    for start, end, both, label in arrows:
        yield from draw_arrow(boxes[start], boxes[end], both, label)
    yield "</svg>"


if __name__ == "__main__":
    for source in sorted(Path(__file__).parent.glob("*.txt")):
        source.with_suffix(".svg").write_text("\n".join(draw(source.read_text().splitlines())) + "\n")
