"""What a picture on a page is: a mosaic, the camera's own, or black; by its pixels."""

from playwright.async_api import Page

from server.domain.ids import Alias
from tests.support.patience import PATIENCE_S

LOOK = """(video) => {
  const [width, height, columns, rows] = [320, 180, 16, 9];
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const drawing = canvas.getContext('2d');
  drawing.drawImage(video, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  const green = (x, y) => data[4 * (y * width + x) + 1];
  let [roughest, sum] = [0, 0];
  for (let cell = 0; cell < columns * rows; cell++) {
    const [left, top] = [20 * (cell % columns), 20 * Math.floor(cell / columns)];
    const inside = Array.from({ length: 144 }, (_, n) => green(left + 4 + (n % 12), top + 4 + Math.floor(n / 12)));
    const mean = inside.reduce((a, b) => a + b) / 144;
    sum += mean;
    roughest = Math.max(roughest, Math.sqrt(inside.reduce((a, b) => a + (b - mean) ** 2, 0) / 144));
  }
  return { roughest, brightness: sum / (columns * rows) };
}"""
"How much the pixels inside the cells of a mosaic differ where they differ most, and how bright the picture is."

SMOOTH = 12
"What the encoder adds to a cell of one colour stays below it; the edge of a thing inside a cell is far above."
DARK = 20

MOSAIC = f"p.roughest < {SMOOTH} && p.brightness > {DARK}"
BARE = f"p.roughest > {2 * SMOOTH} && p.brightness > {DARK}"
BLACK = f"p.brightness < {DARK}"


async def shows(page: Page, seat: Alias, holds: str) -> None:
    """Wait until the picture of a seat, as `p`, meets a condition in JavaScript."""
    await page.wait_for_function(
        f"""([selector]) => {{
          const video = document.querySelector(selector);
          if (video === null || video.videoWidth === 0) return false;
          return (p => {holds})(({LOOK})(video));
        }}""",
        arg=[f'[data-seat="{seat}"] video'],
        polling=200,
        timeout=PATIENCE_S * 1000,
    )
