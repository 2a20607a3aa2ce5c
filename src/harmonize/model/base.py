"""The base of everything people write: frozen, no unknown keys, validated by Pydantic."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Model(BaseModel):
    """A frozen Pydantic model that refuses unknown keys, so that a misspelt key is an error and not a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # models are built when first needed


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""One text or a list of texts."""
