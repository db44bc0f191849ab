"""A text field that lies encrypted in the database, and one read in the reader's language."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from yiwang.core import vault
from yiwang.core.rules.wording import Said, read_back


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text in Python, AES-GCM in the database. Look-up goes by a keyed-hash column beside it."""

    description = "Encrypted text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        sealed = vault.encrypt(value) if isinstance(value, str) and value else (value or None)
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: Any, *_: Any) -> str:
        return "" if value is None else vault.decrypt(value)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class SaidField(models.TextField):  # type: ignore[type-arg]
    """A sentence of ours, kept by its source and what fills its blanks, and read back in the
    language of whoever reads it; another text stays as it is.
    """

    description = "A sentence in the language of its reader"

    def get_prep_value(self, value: Any) -> Any:
        told = json.dumps(value.kept(), ensure_ascii=False) if isinstance(value, Said) else value
        return super().get_prep_value(told)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        return str(read_back(json.loads(value)) if value.startswith('{"text": ') else Said(value))
