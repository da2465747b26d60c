"""The store of many machines, against a real server that speaks the S3 protocol over HTTP."""

import hashlib
import io
import os
import socket
import socketserver
import threading
import time
import uuid
from contextlib import contextmanager, suppress

import boto3
import fsspec
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import func, select

from app.domain.errors import NotFound
from app.extensions import db
from app.models.dossier import Attachment, StoredFile
from app.services.storage import FileDamaged, Storage, StorageUnavailable
from tests import factories as make
from tests.jobs.post_office import free_port

pytestmark = pytest.mark.no_database

PAPER = "Giấy phép xây dựng".encode()
SHA256 = hashlib.sha256(PAPER).hexdigest()
KEY = f"mot-cua/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"


class Store:
    """The server, and an eye on its bucket that does not go through our code."""

    def __init__(self, port):
        self.port, self.bucket = port, f"kho-{uuid.uuid4().hex}"
        self.url = f"s3://{self.bucket}/mot-cua"
        self.client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1")
        self.client.create_bucket(Bucket=self.bucket)

        self.client.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})

    def written(self):
        """The key of every write that ever reached the bucket: a second one would be a second version."""
        return [v["Key"] for v in self.client.list_object_versions(Bucket=self.bucket).get("Versions", [])]


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(server, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    store = Store(server._port)
    point_at(monkeypatch, store.port)
    yield store
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def point_at(monkeypatch, port):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    fsspec.get_filesystem_class("s3").clear_instance_cache()  # as in a process that was just started


def test_bytes_come_back_from_the_server(store):
    assert not Storage(store.url).exists(SHA256)
    assert Storage(store.url).put(PAPER) == SHA256
    assert store.written() == [KEY]
    assert Storage(store.url).get(SHA256) == PAPER
    assert Storage(store.url).open(SHA256).read(5) == PAPER[:5]
    assert Storage(store.url).exists(SHA256)


def test_the_same_bytes_are_stored_once(store):
    for _ in range(3):
        Storage(store.url).put(PAPER)
    assert store.written() == [KEY]


def test_what_another_machine_put_is_seen_at_once(store):
    assert not Storage(store.url).exists(SHA256)
    store.client.put_object(Bucket=store.bucket, Key=KEY, Body=PAPER)
    assert Storage(store.url).exists(SHA256)
    assert Storage(store.url).get(SHA256) == PAPER


def test_a_paper_that_is_not_there_is_said_to_be_missing(store):
    with pytest.raises(NotFound) as caught:
        Storage(store.url).get(SHA256)
    assert caught.value.key == "file_missing"


def test_changed_bytes_are_an_error_not_a_paper(store):
    store.client.put_object(Bucket=store.bucket, Key=KEY, Body=PAPER.replace(b"p", b"q"))
    with pytest.raises(FileDamaged, match="backup"):
        Storage(store.url).get(SHA256)


def test_a_server_that_is_away_is_a_refusal_within_seconds_and_then_works_again(store, monkeypatch):
    Storage(store.url).put(PAPER)
    point_at(monkeypatch, free_port())
    begun = time.monotonic()
    for ask in (
        Storage(store.url).put,
        lambda _: Storage(store.url).get(SHA256),
        lambda _: Storage(store.url).exists(SHA256),
    ):
        with pytest.raises(StorageUnavailable):
            ask(b"another paper")
    assert time.monotonic() - begun < 20
    point_at(monkeypatch, store.port)
    assert Storage(store.url).get(SHA256) == PAPER
    assert store.written() == [KEY]


def test_a_bucket_that_does_not_exist_is_a_refusal_and_not_a_missing_paper_to_write(store):
    with pytest.raises(StorageUnavailable):
        Storage("s3://no-such-bucket/mot-cua").put(PAPER)


def test_a_line_that_breaks_in_mid_upload_leaves_nothing_half_stored(store, monkeypatch):
    scan = os.urandom(300_000)
    with cut_line(store.port) as port:
        point_at(monkeypatch, port)
        with pytest.raises(StorageUnavailable):
            Storage(store.url).put(scan)
    assert store.written() == []
    point_at(monkeypatch, store.port)
    assert Storage(store.url).get(Storage(store.url).put(scan)) == scan


@contextmanager
def cut_line(port):
    """A line to the server that breaks when a third of an upload has gone through."""

    class Cut(socketserver.BaseRequestHandler):
        def handle(self):
            with socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=self.give_back, args=(server,), daemon=True)
                back.start()
                left = 100_000
                while left > 0 and (piece := self.request.recv(min(left, 4096))):
                    server.sendall(piece)
                    left -= len(piece)
                server.close()

        def give_back(self, server):
            with suppress(OSError):
                while piece := server.recv(4096):
                    self.request.sendall(piece)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Cut) as line:
        line.daemon_threads = True
        threading.Thread(target=line.serve_forever, daemon=True).start()
        yield line.server_address[1]
        line.shutdown()


def test_a_scan_sent_while_the_store_is_away_leaves_no_row_and_says_what_to_do(
    store, monkeypatch, app, login
):
    monkeypatch.setitem(app.config, "STORAGE_URL", store.url)
    dossier = make.draft()
    document = dossier.documents[0].id
    address, citizen = f"/ho-so/{dossier.id}/soan/giay-to/{document}", login("congdan1")
    point_at(monkeypatch, free_port())

    def send():
        token = make.csrf_token(citizen.get(address).text)
        scan = (io.BytesIO(make.picture()), "giay-phep.png")
        return citizen.post(address, data={"csrf_token": token, "files": scan, "act": "add"})

    refused = send()
    assert refused.status_code == 503
    assert "Kho tệp tạm thời không trả lời" in refused.text
    assert "Chờ ít phút, quay lại trang trước rồi thực hiện lại" in refused.text
    assert not db.session.scalar(select(func.count()).select_from(StoredFile))
    assert not db.session.scalar(select(func.count()).select_from(Attachment))
    point_at(monkeypatch, store.port)
    assert send().status_code == 302
    kept = db.session.scalars(select(StoredFile)).one()
    assert Storage(store.url).get(kept.sha256) == make.picture()
