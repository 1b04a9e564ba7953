"""The files that Home Assistant stores during onboarding."""

import base64
from datetime import UTC, datetime
from typing import Any
import uuid

import bcrypt

HOST = "127.0.0.1"


def server(port: int) -> dict[str, Any]:
    """Return the settings of Home Assistant's web server, reachable from this machine only."""
    settings = {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    return {"stable": settings, "pending": None, "yaml_migration_done": True}


def owner(name: str, password: str) -> dict[str, dict[str, Any]]:
    """Return the stores that hold Home Assistant's owner and the owner's login."""
    user_id = uuid.uuid4().hex
    user = {
        "id": user_id,
        "name": name.title(),
        "group_ids": ["system-admin"],
        "is_owner": True,
        "is_active": True,
        "system_generated": False,
        "local_only": False,
    }
    credential = {
        "id": uuid.uuid4().hex,
        "user_id": user_id,
        "auth_provider_type": "homeassistant",
        "auth_provider_id": None,
        "data": {"username": name},
    }
    secret = base64.b64encode(bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=4))).decode()
    return {
        "auth": {
            "users": [user],
            "groups": [{"id": "system-admin", "name": "Administrators"}],
            "credentials": [credential],
            "refresh_tokens": [],
        },
        "auth_provider.homeassistant": {"users": [{"username": name, "password": secret}]},
    }
