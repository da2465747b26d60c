"""What the viewer of an officer's page shows: the pages of one document's scans, or of a drafted result."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models.dossier import StoredFile
from app.services.case_lines import Page
from app.web.formats import luc


@dataclass(frozen=True)
class Leaf:
    """One page: the page of ours that opens it, its picture large and small, and the file that it is in."""

    number: int
    href: str
    picture: str
    original: str
    name: str = ""
    """What the citizen called the file, and when it came."""
    at: str = ""

    @property
    def small(self) -> str:
        """Address of the thumbnail."""
        return f"{self.picture}?nho=1"


@dataclass(frozen=True)
class First:
    """What an empty viewer offers to open."""

    href: str
    name: str


@dataclass(frozen=True)
class View:
    """The leaves of one paper, one of them open."""

    leaves: Sequence[Leaf]
    shown: Leaf

    @property
    def previous(self) -> Leaf | None:
        """The page before the open one."""
        return self.leaves[self.shown.number - 2] if self.shown.number > 1 else None

    @property
    def following(self) -> Leaf | None:
        """The page after the open one."""
        return self.leaves[self.shown.number] if self.shown.number < len(self.leaves) else None


def of_scans(here: str, document_id: int, pages: Sequence[Page], asked: int) -> View | None:
    """The scans of a document with the page asked for open; None when nothing was handed in."""
    leaves = [
        Leaf(
            number=page.number,
            href=f"{here}?giay-to={document_id}&trang={page.number}",
            picture=f"/can-bo/tep/{page.attachment.id}/trang/{page.inner}",
            original=f"/can-bo/tep/{page.attachment.id}",
            name=page.attachment.original_name,
            at=luc(page.attachment.uploaded_at),
        )
        for page in pages
    ]
    return _open(leaves, asked)


def of_result(here: str, dossier_path: str, file: StoredFile, asked: int) -> View | None:
    """The result, draft or signed, with the page asked for open."""
    at = f"{dossier_path}/ket-qua"
    numbers = range(1, file.pages + 1)
    return _open([Leaf(n, f"{here}?trang={n}", f"{at}/trang/{n}", at) for n in numbers], asked)


def _open(leaves: Sequence[Leaf], asked: int) -> View | None:
    return View(leaves, leaves[min(max(asked, 1), len(leaves)) - 1]) if leaves else None
