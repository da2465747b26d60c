"""A machine that talks to the REST door."""

from flask import Flask

from tests import factories as make


class Machine:
    """Requests with the token of one account."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client = app.test_client()
        answer = self.client.post(
            "/api/v1/security/login",
            json={"username": username, "password": make.DEMO_PASSWORD, "provider": "db"},
        )
        assert answer.status_code == 200, answer.text
        self.headers = {"Authorization": f"Bearer {answer.json['access_token']}"}

    def get(self, path: str, **kwargs):
        return self.client.get(f"/api/v1{path}", headers=self.headers, **kwargs)

    def post(self, path: str, **kwargs):
        return self.client.post(f"/api/v1{path}", headers=self.headers, **kwargs)
