"""Read-only resources: what is shown, to whom, and page by page."""

import pytest

from app.extensions import db
from app.services import attachments, facts
from tests import factories as make

RESOURCES = ["/procedures/", "/fees/", "/units/", "/dossiers/", "/attachments/"]


@pytest.mark.parametrize("path", RESOURCES)
def test_nobody_reads_without_a_token(client, path):
    assert client.get(f"/api/v1{path}").status_code == 401


@pytest.mark.parametrize("path", RESOURCES)
def test_a_log_in_cookie_is_no_token(login, path):
    browser = login(make.username(make.officer()))
    assert browser.get(f"/api/v1{path}").status_code == 401


@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_resources_are_read_only(machine, path, verb):
    caller = machine(make.officer())
    answer = getattr(caller.client, verb)(f"/api/v1{path}", headers=caller.headers, json={})
    assert answer.status_code in {404, 405}


def test_all_procedures_come_page_by_page_each_once(machine):
    caller, seen, path = machine(make.citizen()), [], "/procedures/?limit=40"
    while path:
        page = caller.get(path).json
        seen += [row["code"] for row in page["result"]]
        path = page["next"] and page["next"].removeprefix("/api/v1")
    assert len(seen) == len(set(seen)) == 82


def test_filters_narrow_and_unknown_ones_are_refused(machine):
    caller = machine(make.citizen())
    assert {row["level"] for row in caller.get("/procedures/?level=ward&limit=100").json["result"]} == {
        "ward"
    }
    assert [row["code"] for row in caller.get("/procedures/?code=HKD-01").json["result"]] == ["HKD-01"]
    assert caller.get("/procedures/?q=khai sinh").json["result"]
    for path in ("?password=x", "?level=moon", "?limit=101", "?limit=0", "?after=x", "?limit=-1"):
        answer = caller.get(f"/procedures/{path}")
        assert answer.status_code == 422, path
        assert answer.json["message"]


def test_a_person_sees_only_their_dossiers_and_scans(machine):
    dossier = make.submitted()
    scan = facts.documents_with_scans(dossier)[0].attachments[0]
    for own in (make.citizen(), make.officer()):
        caller = machine(own)
        assert [row["id"] for row in caller.get("/dossiers/").json["result"]] == [dossier.id]
        assert caller.get(f"/dossiers/{dossier.id}").json["result"]["state"] == "submitted"
        assert caller.get(f"/attachments/?dossier_id={dossier.id}").json["result"]
        assert caller.get(f"/attachments/{scan.id}/content").mimetype == "image/jpeg"
    for stranger in (make.citizen(1), make.officer("Cẩm Bình"), make.leader("Cẩm Bình")):
        caller = machine(stranger)
        assert caller.get("/dossiers/").json["result"] == []
        assert caller.get("/attachments/").json["result"] == []
        for path in (f"/dossiers/{dossier.id}", f"/attachments/{scan.id}", f"/attachments/{scan.id}/content"):
            assert caller.get(path).status_code == 404


def test_an_administrator_reads_the_catalogue_but_no_dossier(machine):
    make.submitted()
    caller = machine(make.administrator())
    assert caller.get("/procedures/").status_code == 200
    for path in ("/dossiers/", "/attachments/", "/dossiers/1"):
        assert caller.get(path).status_code == 403


def test_no_answer_shows_numbers_mail_or_password_of_a_person(machine):
    dossier = make.submitted()
    caller = machine(make.officer())
    texts = [caller.get(path).text for path in (*RESOURCES, f"/dossiers/{dossier.id}")]
    for secret in (
        dossier.applicant_phone,
        dossier.applicant_personal_id,
        dossier.declared_email,
        dossier.secret,
    ):
        assert not any(secret in text for text in texts)
    assert not any("password" in text for text in texts)


def test_scans_of_an_unsent_supplement_are_hidden_from_officers(machine):
    dossier = make.supplement_requested()
    document = facts.documents_with_scans(dossier)[0]
    scan = attachments.add(make.citizen(), document.id, "moi.jpg", make.picture("new"))
    db.session.commit()
    assert scan.id in [row["id"] for row in machine(make.citizen()).get("/attachments/").json["result"]]
    assert scan.id not in [row["id"] for row in machine(make.officer()).get("/attachments/").json["result"]]


def test_the_detail_lists_the_buttons_with_their_reasons(machine):
    dossier = make.submitted()
    rows = machine(make.officer()).get(f"/dossiers/{dossier.id}").json["result"]["transitions"]
    assert {row["key"]: row["blocked_by"] for row in rows}["receive"] == ["documents_not_looked_at"]


def test_filters_of_dossiers_understand_times(machine):
    dossier = make.submitted()
    caller = machine(make.officer())
    assert caller.get("/dossiers/?submitted_from=2026-11-23T00:00:00%2B07:00").json["result"]
    assert caller.get("/dossiers/?submitted_before=2026-11-23T00:00:00%2B07:00").json["result"] == []
    assert caller.get("/dossiers/?submitted_from=2026-11-23").status_code == 422
    assert caller.get(f"/dossiers/?reference={dossier.reference}&state=submitted").json["result"]


def test_the_description_names_every_transition_and_resource(machine):
    spec = machine(make.citizen()).get("/_openapi").json
    path = spec["paths"]["/api/v1/dossiers/{pk}/transitions/{key}"]["post"]
    keys = next(p for p in path["parameters"] if p["name"] == "key")["schema"]["enum"]
    assert len(keys) == 20
    assert {f"/api/v1{resource}" for resource in RESOURCES} <= set(spec["paths"])
    assert not [
        p for p in spec["paths"] if "security/" in p and p.rsplit("/", 1)[1] not in {"login", "refresh"}
    ]
