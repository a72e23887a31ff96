/** Whether a panel that lies over the page hides something of it. Pure. */

type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

/** Whether half of what stands in a box, or more, lies under the panel. */
export function isCovered(box: Box, panel: Box): boolean {
  const width = Math.min(box.right, panel.right) - Math.max(box.left, panel.left);
  const height = Math.min(box.bottom, panel.bottom) - Math.max(box.top, panel.top);
  if (width <= 0 || height <= 0) return false;
  return 2 * width * height >= (box.right - box.left) * (box.bottom - box.top);
}
