"""The security manager: FAB's, with our own log-in, sessions that end, and all permissions in one query."""

from typing import Any

from flask import Flask, current_app, g, jsonify, request, session
from flask_appbuilder.api import safe
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.schemas import login_post
from flask_appbuilder.security.sqla.manager import SecurityManager as FabSecurityManager
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from flask_appbuilder.views import expose
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, login_user, logout_user
from marshmallow import ValidationError
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from app.actor import as_json, status_of
from app.domain.errors import DomainError, NotAllowed, Refused
from app.extensions import db
from app.models.organisation import Profile
from app.services import accounts

Grant = tuple[str, str]
"""Permission name, view name."""


class LoginApi(SecurityApi):
    """Log-in of machines: the locks, limits and rules of the log-in page, answered as JSON."""

    resource_name = "security"

    @expose("/login", methods=["POST"])
    @safe
    def login(self) -> Response:
        """Give tokens for a log-in name (or mail address) and password.
        ---
        post:
          description: >-
            Access and refresh token. Both end when the account logs out or changes its password.
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [username, password]
                  properties:
                    username:
                      type: string
                    password:
                      type: string
                    provider:
                      type: string
                      enum: [db]
                    refresh:
                      description: Whether a refresh token is wanted too
                      type: boolean
          responses:
            200:
              description: Logged in
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token:
                        type: string
                      refresh_token:
                        type: string
            400:
              $ref: '#/components/responses/400'
            401:
              $ref: '#/components/responses/401'
            403:
              $ref: '#/components/responses/403'
            429:
              description: Tried too often
        """  # noqa: D205 - read as YAML by the OpenAPI page
        try:
            wanted = login_post.load(request.get_json(silent=True) or {})
            user = self.appbuilder.sm.auth_user_db(wanted["username"], wanted["password"])
        except ValidationError as error:
            field = next(iter(error.messages_dict), None)
            return self.response(400, **as_json(Refused("login_incomplete", field=field)))
        except UnicodeEncodeError:  # halves of a sign (lone surrogates), which only JSON can bring
            return self.response(400, **as_json(Refused("text_not_storable")))
        except DomainError as error:
            return self.response(401 if error.key == "login_wrong" else status_of(error), **as_json(error))
        return self.response(200, **_tokens(user, refresh=wanted.get("refresh", False)))


class SecurityManager(FabSecurityManager):
    """FAB's security manager without FAB's pages; ``web.accounts`` sets ``auth_view``."""

    security_api = LoginApi

    def register_views(self) -> None:
        """Add the log-in of machines; none of FAB's pages and APIs about users and roles."""
        self.appbuilder.add_api(self.security_api)

    def create_limiter(self, app: Flask) -> Limiter:
        """Switch FAB's limiter off: it counts in the memory of one worker; services.attempts for all."""
        limiter = Limiter(key_func=get_remote_address, enabled=False, storage_uri="memory://")
        limiter.init_app(app)
        return limiter

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Say where the log-in page is; FAB names a view that does not exist."""
        manager = super().create_login_manager(app)
        manager.login_view = "AccountView.login"
        return manager

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        """Put the session epoch into every token, and answer dead tokens in our words."""
        manager = super().create_jwt_manager(app)
        manager.additional_claims_loader(lambda _identity: {"epoch": g.session_epoch})
        manager.user_lookup_error_loader(lambda _header, _data: _refuse_token("session_over"))
        manager.unauthorized_loader(lambda _why: _refuse_token("token_missing"))
        manager.invalid_token_loader(lambda _why: _refuse_token("token_unreadable"))
        manager.expired_token_loader(lambda _header, _data: _refuse_token("token_expired"))
        return manager

    def before_request(self) -> None:  # type: ignore[override]
        """Find out at once who asks, so that one query serves the log-in, the actor and the page."""
        super().before_request()
        if not (request.endpoint or "static").endswith("static"):
            g.user.is_authenticated  # noqa: B018 - reading it loads the user

    def load_user(self, pk: str) -> User | None:  # type: ignore[override]
        """The user of a cookie, which holds "<id>.<epoch>"; None when that session was ended."""
        user_id, _, epoch = pk.partition(".")
        return self._admit(user_id, epoch)

    def load_user_jwt(self, _header: Any, data: dict[str, Any]) -> User | None:
        """The user of a token; None when its epoch is over."""
        user = self._admit(str(data["sub"]), str(data.get("epoch", "")))
        g.user = user or g.user
        return user

    def auth_user_db(self, username: str, password: str) -> User:
        """Log in for FAB and for tokens, with the service's locks. Raises DomainError, never gives None."""
        profile = accounts.log_in(username, password, ip=request.remote_addr or "", by_token=True)
        return _remember(profile)

    def reset_password(self, userid: int, password: str) -> None:
        """`flask fab reset-password`: with our rules, and all sessions end."""
        accounts.set_password(userid, password)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Whether visitors may."""
        return (permission_name, view_name) in self._grants(None)

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return (permission_name, view_name) in self._grants(user.id)

    def _get_user_permission_view_menus(
        self,
        user: Any,
        permission_name: str,
        view_menus_name: Any,  # noqa: ARG002
    ) -> set[str]:
        grants = self._grants(user.id if user else None)
        return {view for name, view in grants if name == permission_name}

    def _grants(self, user_id: int | None) -> set[Grant]:
        """All permissions of the user's roles, or of visitors: one query a request, not one a check."""
        known: dict[int | None, set[Grant]] = g.setdefault("grants", {})
        if user_id not in known:
            known[user_id] = {(row[0], row[1]) for row in db.session.execute(_grants_query(user_id))}
        return known[user_id]

    def _admit(self, user_id: str, epoch: str) -> User | None:
        if not (user_id.isdecimal() and epoch.isdecimal()):
            return None
        profile = accounts.admit(int(user_id), int(epoch))
        return _remember(profile) if profile else None


def open_session(profile: Profile) -> None:
    """Log the browser in. Nothing that stood in its cookie before survives, but the language."""
    _empty_session()
    login_user(_remember(profile))
    session["_user_id"] = f"{profile.user_id}.{profile.session_epoch}"


def close_session() -> None:
    """Log the browser out; its language stays."""
    logout_user()
    _empty_session()
    g.pop("actor", None)


def _empty_session() -> None:
    language = session.get("locale")
    session.clear()
    if language:
        session["locale"] = language


def _remember(profile: Profile) -> User:
    """Keep for this request who asks; app.actor finds the actor there."""
    g.profile, g.session_epoch = profile, profile.session_epoch
    g.actor = accounts.actor_of(profile, request.remote_addr or "")
    return profile.user


def _tokens(user: User, *, refresh: bool) -> dict[str, str]:
    identity = str(user.id)
    found = {"access_token": create_access_token(identity=identity, fresh=True)}
    if refresh:
        found["refresh_token"] = create_refresh_token(identity=identity)
    return found


def _refuse_token(reason: str) -> tuple[Response, int]:
    return jsonify(as_json(NotAllowed(reason))), 401


def _grants_query(user_id: int | None) -> Select[str, str]:
    query = (
        select(Permission.name, ViewMenu.name)
        .join_from(PermissionView, Permission)
        .join(ViewMenu)
        .join(assoc_permissionview_role, assoc_permissionview_role.c.permission_view_id == PermissionView.id)
    )
    if user_id is None:
        public = Role.name == current_app.config["AUTH_ROLE_PUBLIC"]
        return query.join(Role, Role.id == assoc_permissionview_role.c.role_id).where(public)
    role_of_user = assoc_user_role.c.role_id == assoc_permissionview_role.c.role_id
    return query.join(assoc_user_role, role_of_user).where(assoc_user_role.c.user_id == user_id)
