"""Settings of the service, from the environment (`ANW_...`); nothing secret has a default outside development."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.data_folder import SHORTEST_SECRET

_KIBIBYTE = 1024
_MEBIBYTE = 1024 * _KIBIBYTE


class OidcSettings(BaseSettings):
    """One OIDC provider, found by its issuer; absent while `issuer` is empty."""

    model_config = SettingsConfigDict(env_prefix="ANW_OIDC_", extra="ignore")

    issuer: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    scopes: str = "openid email profile"


class MailSettings(BaseSettings):
    """The server that takes e-mail (`ANW_SMTP_...`); without `host` no e-mail is made. `timeout` in seconds."""

    model_config = SettingsConfigDict(env_prefix="ANW_SMTP_", extra="ignore")

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = ""
    sender_name: str = "anw-rooster"
    timeout: float = Field(default=20.0, gt=0, le=60)

    @model_validator(mode="after")
    def _sender_known(self) -> Self:
        if self.host and "@" not in self.sender:
            raise ValueError("ANW_SMTP_SENDER must hold an e-mail address where ANW_SMTP_HOST is set")
        return self


class Settings(BaseSettings):
    """How this process runs; sizes in bytes, durations in seconds.

    `embedded` is one process on SQLite for one machine; otherwise `database_url` names a PostgreSQL database and
    workers run as processes of their own. `webhooks_inside` lets systems of an HDS be told at private addresses.
    `largest_body` holds for every request but those few that take long lists (`largest_list`) or files
    (`largest_upload`; `largest_unpacked` is what may come out of a zip): see `api.limits`.
    Of the requests of a process `requests_at_once` ask the database, `writers_at_once` of them to write; they are
    served by `threads`. `rosters_memory` is what opened rosters may take, in bytes. `metrics_address` (HOST:PORT; each
    process its own) is where Prometheus asks; empty: nowhere.
    Raises ValueError (pydantic) for a production without a secret of its own.
    """

    model_config = SettingsConfigDict(env_prefix="ANW_", extra="ignore")

    database_url: str = "sqlite:///build/anw.sqlite"
    embedded: bool = False
    development: bool = False
    secret: SecretStr = SecretStr("")
    base_url: str = "http://127.0.0.1:8000"
    secure_cookies: bool = True
    session_seconds: int = Field(default=12 * 3600, ge=60)
    session_idle_seconds: int = Field(default=3600, ge=60)
    token_days: int = Field(default=90, ge=1, le=366)
    login_attempts: int = Field(default=5, ge=1)
    login_attempts_per_address: int = Field(default=100, ge=1)
    login_window_seconds: int = Field(default=300, ge=1)
    swap_questions: int = Field(default=240, ge=1)
    swap_question_window_seconds: int = Field(default=3600, ge=1)
    largest_upload: int = Field(default=20 * _MEBIBYTE, ge=1024)
    largest_unpacked: int = Field(default=200 * _MEBIBYTE, ge=1024)
    largest_body: int = Field(default=64 * _KIBIBYTE, ge=1024)
    largest_list: int = Field(default=256 * _KIBIBYTE, ge=1024)
    runs_per_worker: int = Field(default=1, ge=1)
    worker_dead_seconds: float = Field(default=12.0, ge=1, le=25)
    run_time_limit: float = Field(default=600.0, gt=0)
    solver_workers: int = Field(default=2, ge=1)
    pool_size: int = Field(default=10, ge=1)
    requests_at_once: int = Field(default=8, ge=1)
    writers_at_once: int = Field(default=3, ge=1)
    threads: int = Field(default=40, ge=4)
    rosters_memory: int = Field(default=512 * _MEBIBYTE, ge=_MEBIBYTE)
    metrics_address: str = Field(default="", pattern=r"^(\S+:\d{1,5})?$")
    work_folder: Path = Path("build/work")
    otlp_endpoint: str = ""
    log_level: str = "INFO"
    webhooks_inside: bool = False
    oidc: OidcSettings = Field(default_factory=OidcSettings)
    mail: MailSettings = Field(default_factory=MailSettings)

    @model_validator(mode="after")
    def _own_secret(self) -> Self:
        secret = self.secret.get_secret_value()
        may_lack_one = self.development or (self.embedded and not secret)
        if not may_lack_one and len(secret) < SHORTEST_SECRET:
            raise ValueError(f"ANW_SECRET must hold at least {SHORTEST_SECRET} characters outside development")
        return self

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.database_url.startswith("sqlite")
