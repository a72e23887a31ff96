"""axe-core, the accessibility checker, asked about a page as it stands in the browser."""

from typing import Final

from playwright.async_api import Page

from tests.support.client_pages import CLIENT

CHECKER: Final = CLIENT / "node_modules" / "axe-core" / "axe.min.js"

STANDARDS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"What the page is held to; contrast beyond AA is held by the style's own test."

_FIND = """async (standards) => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: standards }, resultTypes: ['violations'] });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}"""


async def violations(page: Page) -> list[str]:
    """Where the page breaks WCAG 2.2, level A or AA: rule, element and what is wrong, one a line."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(CHECKER.read_text())  # not as a script element: the page's policy forbids foreign ones
    found: list[str] = await page.evaluate(_FIND, STANDARDS)
    return found
