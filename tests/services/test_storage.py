"""Files are stored once under their SHA-256, whole or not at all, and come back unchanged or with an error.

A folder and memory; test_storage_s3.py has the same of an S3 server.
"""

import hashlib
import uuid
from pathlib import Path
from unittest.mock import Mock

import pytest
from fsspec.implementations.local import LocalFileSystem
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import NotFound
from app.services.storage import FileDamaged, Storage, StorageUnavailable

PAPER = "Giấy phép xây dựng".encode()
SHA256 = hashlib.sha256(PAPER).hexdigest()


@pytest.fixture(params=["file", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return Storage(f"file://{tmp_path}/kho" if request.param == "file" else f"memory://{uuid.uuid4().hex}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kho"


@pytest.fixture
def local(folder: Path) -> Storage:
    return Storage(folder.as_uri())


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def place(folder: Path) -> Path:
    return folder / SHA256[:2] / SHA256[2:4] / SHA256


def test_bytes_come_back(storage: Storage) -> None:
    assert storage.put(PAPER) == SHA256
    assert storage.get(SHA256) == PAPER
    with storage.open(SHA256) as file:
        assert (file.read(5), file.read()) == (PAPER[:5], PAPER[5:])


def test_even_no_bytes_come_back(storage: Storage) -> None:
    assert storage.get(storage.put(b"")) == b""


def test_known_only_after_it_was_put(storage: Storage) -> None:
    assert not storage.exists(SHA256)
    storage.put(PAPER)
    assert storage.exists(SHA256)


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_whatever_is_put_comes_back(many: list[bytes]) -> None:
    storage = Storage("memory://laws")
    assert [storage.get(sha256) for sha256 in [storage.put(data) for data in many]] == many


def test_missing_file(storage: Storage) -> None:
    for ask in (storage.get, storage.open):
        with pytest.raises(NotFound) as caught:
            ask(SHA256)
        assert caught.value.key == "file_missing"


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", SHA256.upper(), SHA256[:-1], SHA256 + "\n", "/" + SHA256]
)
def test_only_a_sha256_names_a_file(storage: Storage, name: str) -> None:
    assert not storage.exists(name)
    with pytest.raises(NotFound):
        storage.get(name)


def test_two_stores_do_not_mix() -> None:
    one, other = Storage("memory://mot"), Storage("memory://hai")
    one.put(PAPER)
    assert not other.exists(SHA256)


def test_layout_and_stored_once(local: Storage, folder: Path) -> None:
    local.put(PAPER)
    before = place(folder).stat()
    local.put(PAPER)
    after = place(folder).stat()
    assert files(folder) == [f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"]
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_changed_bytes_are_an_error_not_a_paper(local: Storage, folder: Path) -> None:
    local.put(PAPER)
    place(folder).write_bytes(PAPER.replace(b"p", b"q"))
    for ask in (local.get, local.open):
        with pytest.raises(FileDamaged, match=f"{SHA256} .*backup"):
            ask(SHA256)


def test_a_file_cut_short_is_mended_by_putting_it_again(local: Storage, folder: Path) -> None:
    local.put(PAPER)
    place(folder).write_bytes(PAPER[:4])
    local.put(PAPER)
    assert local.get(SHA256) == PAPER


@pytest.mark.parametrize("step", ["mv", "open"])
def test_a_failure_while_writing_leaves_nothing(
    local: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(LocalFileSystem, step, Mock(side_effect=OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        local.put(PAPER)
    assert files(folder) == []
    assert not local.exists(SHA256)


def test_a_server_killed_while_writing_leaves_no_file_under_the_final_name(
    local: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(LocalFileSystem, "mv", Mock(side_effect=KeyboardInterrupt))
        killed.setattr(LocalFileSystem, "rm_file", Mock())  # the killed do not tidy up
        with pytest.raises(KeyboardInterrupt):
            local.put(PAPER)
    assert len(files(folder)) == 1
    assert not local.exists(SHA256)
    local.put(PAPER)
    assert local.get(SHA256) == PAPER


@pytest.mark.parametrize("url", ["", "files", "/srv/files", "http://x/y", "ftp://x", "://x"])
def test_a_wrong_address_is_noticed_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="STORAGE_URL"):
        Storage(url)


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "file:///srv/files"])
def test_nothing_is_reached_before_it_is_needed(url: str) -> None:
    Storage(url)


@pytest.mark.parametrize(("step", "ask"), [("cat_file", "get"), ("exists", "exists"), ("size", "put")])
def test_a_store_that_does_not_answer_is_called_so(
    local: Storage, monkeypatch: pytest.MonkeyPatch, step: str, ask: str
) -> None:
    local.put(PAPER)
    monkeypatch.setattr(LocalFileSystem, step, Mock(side_effect=ConnectionError("no route")))
    with pytest.raises(StorageUnavailable, match="no route"):
        getattr(local, ask)(PAPER if ask == "put" else SHA256)
