"""A person who uses the keyboard only: moves on with Tab, sees where the focus is, presses Enter or Space."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLate

FAR = 250
"""So many presses of Tab nobody would bear; the page has no such control, or the focus is trapped."""

FOCUSED = """() => { const on = document.activeElement, style = getComputedStyle(on), box = on.getBoundingClientRect();
  const label = on.labels && on.labels.length ? on.labels[0].innerText : on.getAttribute('aria-label') || on.innerText;
  return { tag: on.tagName, name: (label || '').replace(/\\s+/g, ' ').trim(),
    ring: parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none',
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth }; }"""


class Keyboard:
    """The keys of a page."""

    def __init__(self, page: Page) -> None:
        """``page`` must be the page in front."""
        self.page = page

    def to(self, words: str, tag: str = "") -> "Keyboard":
        """Press Tab until the control with these words has the focus; the focus must be seen on the way."""
        passed = []
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if focused["tag"] == "BODY":
                continue
            assert focused["ring"], f"no focus is seen on {focused}"
            assert focused["seen"], f"the focus is outside the screen: {focused}"
            if words in focused["name"] and tag in {"", focused["tag"]}:
                return self
            passed.append(focused["name"][:40])
        raise AssertionError(f"Tab never reaches “{words}” on {self.page.url}: {passed[-60:]}")

    def type(self, words: str, text: str) -> "Keyboard":
        """Fill in the field with this label."""
        self.to(words)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        return self

    def choose(self, words: str, option: str) -> "Keyboard":
        """Choose in the list with this label, going down."""
        self.to(words, "SELECT")
        for _ in range(FAR):
            if option in self.page.evaluate("document.activeElement.selectedOptions[0].text"):
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"“{option}” is not in the list “{words}”")

    def tick(self, words: str) -> "Keyboard":
        """Tick the box."""
        self.to(words)
        self.page.keyboard.press("Space")
        return self

    def follow(self, words: str, tag: str = "") -> "Keyboard":
        """Press Enter on the link or button and wait for the page it leads to."""
        self.to(words, tag)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def pick(self, words: str, *files: Path) -> "Keyboard":
        """Open the file chooser of the field and choose. A busy browser may swallow the key: it is pressed again."""
        self.to(words)
        for seconds in (5, 20):
            with suppress(TooLate):
                with self.page.expect_file_chooser(timeout=seconds * 1000) as chooser:
                    self.page.keyboard.press("Space")
                chooser.value.set_files(files)
                return self
        raise AssertionError(f"“{words}” opened no file chooser")
