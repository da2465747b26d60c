"""Files by content: stored once under their SHA-256, in a folder, an S3 store or (for tests) memory.

The URL decides: ``file:///srv/files``, ``s3://bucket/prefix``, ``memory://name``. S3 is set up by the usual
environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL for a store of one's own, ...). A store
that does not answer is given up within a minute at worst: a web process must not hang on it.
"""

import hashlib
import io
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import fsspec

from app.domain.errors import NotFound

_FOLDER = ("file", "local")
_REMOTE = ("s3", "s3a")
_OBJECTS = (*_REMOTE, "memory")  # stores in which a file appears whole or not at all
_PATIENCE = {
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 20, "retries": {"total_max_attempts": 1}},
    "use_listings_cache": False,
}
"""How long an S3 store is waited for, in seconds; it is tried twice. Other machines put files: cache no names."""


class FileDamaged(Exception):
    """The stored bytes are no longer those that were put in. Bring the file back from a backup."""


class StorageUnavailable(OSError):
    """The store could not be reached, read or written: a full disk, a network that is down, wrong keys."""


@contextmanager
def _reaching() -> Iterator[None]:
    """Give the many errors of disks and object stores one name; a missing or damaged file keeps its own."""
    try:
        yield
    except (FileNotFoundError, NotFound, FileDamaged, StorageUnavailable):
        raise
    except Exception as error:
        raise StorageUnavailable(str(error)) from error


class Storage:
    """A content-addressed store. Opening one costs nothing, so it need not be kept."""

    def __init__(self, url: str) -> None:
        """Use the store at this URL. ValueError for anything but ``file:``, ``s3:`` and ``memory:``."""
        self._protocol = url.partition("://")[0] if "://" in url else ""
        if self._protocol not in _FOLDER + _OBJECTS:
            raise ValueError(f"STORAGE_URL must begin with file://, s3:// or memory://, not {url!r}")
        self._url = url

    def put(self, data: bytes) -> str:
        """Store the bytes, unless they are there already, and return their SHA-256 (64 hex digits)."""
        sha256 = hashlib.sha256(data).hexdigest()
        # The size shows a file that a full disk or a careless copy cut short; that one is written anew.
        with _reaching():
            fs, path = self._locate(sha256)
            if _size(fs, path) != len(data):
                self._write(fs, path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes. NotFound ``file_missing``; FileDamaged when they no longer give this SHA-256.

        StorageUnavailable when the store does not answer, here as in the other methods.
        """
        try:
            with _reaching():
                fs, path = self._locate(sha256)
                data: bytes = fs.cat_file(path)
        except FileNotFoundError:
            raise NotFound("file_missing") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise FileDamaged(f"{sha256} in {self._url} has been changed; restore it from a backup")
        return data

    def exists(self, sha256: str) -> bool:
        """Whether these bytes are stored."""
        try:
            with _reaching():
                fs, path = self._locate(sha256)
                return bool(fs.exists(path))
        except NotFound:
            return False

    def open(self, sha256: str) -> BinaryIO:
        """Return the bytes as a file to read from, checked as in get(), with the same errors.

        They are read first, because half a paper must not have been sent before the damage is seen.
        """
        return io.BytesIO(self.get(sha256))

    def _locate(self, sha256: str) -> tuple[Any, str]:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):  # never a path out of the store
            raise NotFound("file_missing")
        # Asked anew each time: fsspec keeps its connections per thread and drops them after a fork.
        remote = self._protocol in _REMOTE
        fs, root = fsspec.url_to_fs(self._url, **(_PATIENCE if remote else {}))
        if remote:
            fs.retries = 2
        return fs, f"{root.rstrip('/')}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def _write(self, fs: Any, path: str, data: bytes) -> None:
        if self._protocol in _FOLDER:
            _write_whole(fs, path, data)
            return
        try:
            fs.pipe_file(path, data)
        except FileNotFoundError as error:  # there is no such bucket
            raise StorageUnavailable(str(error)) from error


def _size(fs: Any, path: str) -> int | None:
    try:
        return int(fs.size(path))
    except FileNotFoundError:
        return None


def _write_whole(fs: Any, path: str, data: bytes) -> None:
    """Write beside the final name, then rename: a killed server leaves a stray .part, never half a file."""
    fs.makedirs(path.rpartition("/")[0], exist_ok=True)
    part = f"{path}.{uuid.uuid4().hex}.part"
    try:
        with fs.open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fs.mv(part, path)
    except BaseException:
        if fs.exists(part):
            fs.rm_file(part)
        raise
