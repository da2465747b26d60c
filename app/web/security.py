"""The security manager: FAB's, with our own log-in pages and sessions that end."""

from flask_appbuilder.security.sqla.manager import SecurityManager as FabSecurityManager


class SecurityManager(FabSecurityManager):
    """FAB's security manager."""
