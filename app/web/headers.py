"""Security headers of every response, and the proxies in front of us."""

from flask import Flask, current_app, g, request, session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; frame-ancestors {ancestors}; "
    "base-uri 'self'; form-action 'self'"
)
"""No inline script or style anywhere: what a citizen types can then never run."""

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PERMISSIONS = "camera={camera}, geolocation=(), microphone=(), payment=(), usb=()"
ONE_YEAR = 365 * 24 * 60 * 60
ONE_DAY = 24 * 60 * 60


def allow_own_frame() -> None:
    """Let our own pages, and nobody else's, show this response in a frame (the viewer of scans)."""
    g.framed_by_self = True


def allow_camera() -> None:
    """Let this one page ask for the camera (the originals desk); every other page may not even ask."""
    g.camera = True


def add_headers(response: Response) -> Response:
    """Put the headers on; a view that set a stricter one of its own keeps it."""
    framed = bool(g.get("framed_by_self"))
    policy = POLICY.format(ancestors="'self'" if framed else "'none'")
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Frame-Options", "SAMEORIGIN" if framed else "DENY")
    permissions = PERMISSIONS.format(camera="(self)" if g.get("camera") else "()")
    response.headers.setdefault("Permissions-Policy", permissions)
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if request.is_secure or current_app.config["BASE_URL"].startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
    _set_caching(response)
    return response


def _set_caching(response: Response) -> None:
    if (request.endpoint or "").endswith("static"):
        response.headers["Cache-Control"] = f"public, max-age={ONE_DAY}"
        return
    # A shared computer at the post office must not show the last citizen's dossier on "back".
    if "_user_id" in session or "Authorization" in request.headers:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")


def init_app(app: Flask) -> None:
    """Register the headers, and believe as many proxies as PROXY_COUNT says, no more."""
    app.after_request(add_headers)
    hops = app.config["PROXY_COUNT"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
