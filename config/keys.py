"""The installation's secret keys: made once, kept outside the database."""

import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


class Keys(TypedDict):
    """Hex keys: cookies and tokens, field encryption, look-up hashes, journal seals."""

    secret: str
    encryption: str
    lookup: str
    journal: str


def _fresh() -> Keys:
    return Keys(
        secret=secrets.token_hex(32),
        encryption=secrets.token_hex(32),
        lookup=secrets.token_hex(32),
        journal=secrets.token_hex(32),
    )


def load(folder: Path) -> Keys:
    """The keys in `folder`/keys.json (or the file named by YIWANG_KEYS), made when absent.

    The file is created with mode 0600 and never overwritten: two processes that start
    together read the same keys, because the second finds the first one's link.
    """
    path = Path(os.environ.get("YIWANG_KEYS", folder / "keys.json"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(_fresh(), file, indent=1)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    loaded: Keys = json.loads(path.read_text())
    return loaded
