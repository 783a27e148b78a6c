"""Draws a chart's option as SVG, for documents: ECharts itself runs in QuickJS, so that page and paper show the same.

The same option, width and height give the same bytes. Fonts are those that the packages bring, so that a machine
without Chinese fonts draws Chinese as well.
"""

from __future__ import annotations

import json
import re
import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import quickjs
import typst
from django.conf import settings

from campaigns.documents.charts.palette import on_paper

MEGABYTE = 1024 * 1024
MEMORY = 256 * MEGABYTE
SECONDS = 20
"""Of the process's time, all threads together; a chart takes hundredths of one."""
PIXELS_PER_INCH = 288
CHARTS_KEPT = 64
"""The Word document and the PDF of a pack have the same charts, some twenty."""

# There is no page and no time in here: nothing is ever called later.
SURROUNDINGS = """
globalThis.global = globalThis.self = globalThis;
for (const name of ["setTimeout", "setInterval", "requestAnimationFrame"]) globalThis[name] = () => 0;
for (const name of ["clearTimeout", "clearInterval", "cancelAnimationFrame"]) globalThis[name] = () => {};
"""
# QuickJS puts long strings together late, and only a flat one can be handed out: the round trip makes it flat.
DRAW = """
(option, width, height) => {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(JSON.parse(option));
    return JSON.parse(JSON.stringify(chart.renderToSVGString()));
  } finally {
    chart.dispose();
  }
}
"""
FOR_A_MOUSE = re.compile(r'<style\b.*?</style>\s*|\s(?:class|pointer-events|ecmeta_\w+)="[^"]*"', re.DOTALL)
# The number of the drawing, which goes on from one to the next.
SERIAL = re.compile(r'(?<=["#])zr\d+(?=-c\d)')


class DrawingFailed(Exception):
    """A chart cannot be drawn; the text says what is missing or what the script complained of."""


def draw(option: dict[str, Any], width: int, height: int) -> str:
    """The chart as SVG in the colours of paper, `width` × `height` pixels; raises ``DrawingFailed``."""
    return _drawn(json.dumps(on_paper(option), ensure_ascii=False), width, height)


@lru_cache(maxsize=CHARTS_KEPT)
def _drawn(option: str, width: int, height: int) -> str:
    try:
        drawn = _pen()(option, width, height)
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        _of_this_thread.__dict__.clear()  # what failed half-way is not used again
        raise DrawingFailed(f"ECharts could not draw the chart: {error}") from error
    return SERIAL.sub("area", FOR_A_MOUSE.sub("", drawn))


def forget_charts() -> None:
    """Draws everything anew, as after a change of the packages."""
    _drawn.cache_clear()


def svg_to_png(svg: str, width: int) -> bytes:
    """The drawing as a PNG that is `width` pixels at 96 dpi, and three times as fine; for what takes no SVG."""
    points = width * 72 // 96
    source = f"#set page(width: {points}pt, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), width: 100%)"
    return typst.compile(
        source.encode(), format="png", ppi=PIXELS_PER_INCH, sys_inputs={"svg": svg}, font_paths=document_fonts()
    )


@cache
def document_fonts() -> typst.Fonts:
    """The fonts that the packages bring and no others, so that every machine draws the same."""
    folder = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


# --- the script, once for each thread ---------------------------------------------------------------------------------

_of_this_thread = threading.local()


def _pen() -> quickjs.Object:
    """The drawing function of this thread; a context of QuickJS belongs to the thread that made it."""
    folder, names = settings.PACKAGE_FILES["echarts"]
    path = Path(settings.NODE_MODULES, folder, names[0])
    if getattr(_of_this_thread, "path", None) != path:
        _of_this_thread.context = _context(path)
        _of_this_thread.pen = _of_this_thread.context.eval(DRAW)
        _of_this_thread.path = path
    return _of_this_thread.pen


def _context(path: Path) -> quickjs.Context:
    context = quickjs.Context()
    context.set_memory_limit(MEMORY)
    context.set_time_limit(SECONDS)
    context.eval(SURROUNDINGS)
    try:
        context.eval(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DrawingFailed(f"{path} is missing. Install the npm packages: npm ci, or python3 run.py.") from error
    return context
