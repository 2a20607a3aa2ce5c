"""How flags that stand in a column of their own become statuses: Eurostat's OBS_FLAG, Statistics Canada's STATUS."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Model, Texts
from .pattern import Pattern


class FlagEntry(Model):
    """Which flags an entry takes, and what they say of the figure beside them. The first entry that fits wins."""

    text: Texts | None = None
    pattern: Pattern | None = None
    status: str | None = Field(default=None, pattern=r"^[A-Z]*$")
    """SDMX CL_OBS_STATUS letters that the figure carries; '' = none"""
    means: (
        Literal["nil", "missing", "suppressed", "not_applicable", "not_in_force", "not_yet", "included_elsewhere"]
        | None
    ) = None
    """there is no figure, for this reason (as of a marker); a figure beside such a flag is refused"""
    ignore: str | None = None
    """leave such cells out, with a count in sources.json: the reason, in words"""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.text is None) == (self.pattern is None):
            raise ValueError("a flag needs either `text` or `pattern`, and not both")
        if (self.status is not None) + (self.means is not None) + (self.ignore is not None) != 1:
            raise ValueError("a flag needs exactly one of `status`, `means` and `ignore`")
        return self


class StatusAxis(Model):
    """The column or columns (joined by ` | `) that hold flags. A flag that no entry takes stops the source."""

    columns: Annotated[Texts, Field(alias="from", min_length=1)]
    read: Annotated[tuple[FlagEntry, ...], Field(min_length=1)]
