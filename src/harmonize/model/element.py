"""Elements: what offences and provisions are made of, and how the elements stand to each other."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Model, Texts
from .code_row import Evidence

Kind = Literal[
    "act", "object", "circumstance", "means", "purpose", "benefit", "mens_rea", "age", "aggravating", "exemption"
]
"""Kinds of element that make a conduct; `extension` and `rule` are only shown beside it."""


class Element(Model):
    """One element, and its link to others of its dimension."""

    label: str
    is_a: Texts = ()
    """every conduct with this element also has these"""
    same_as: str | None = None
    """another name for that element"""
    beyond: str | None = None
    """said of a category that takes this in and the definition does not; made from the label where absent"""
    lacks: str | None = None
    """said of a category that leaves this out and the definition does not; made from the label where absent"""
    reason: str = ""
    evidence: Evidence | None = None
    """of the link: verified where a text says so, unverified where it is our reading"""

    @model_validator(mode="after")
    def _a_link_has_a_reason(self) -> Element:
        if self.is_a and self.same_as:
            raise ValueError("an element has either `is_a` or `same_as`")
        if (self.is_a or self.same_as) and not (self.reason and self.evidence):
            raise ValueError("a link to another element needs a `reason` and its `evidence`")
        return self


class Rest(Element):
    """Any value of a dimension that no element names."""

    id: str


class Dimension(Model):
    """A kind of element of which every conduct has exactly one value."""

    id: str
    kind: Kind
    label: str
    rest: Rest | None = None
    """None: the elements named are all there are"""
    elements: Annotated[dict[str, Element], Field(min_length=1)]

    @model_validator(mode="after")
    def _links_stay_inside(self) -> Dimension:
        for name, element in self.elements.items():
            for other in (*element.is_a, *([element.same_as] if element.same_as else [])):
                if other not in self.elements:
                    raise ValueError(f"`{name}` is linked to `{other}`, which the dimension {self.id} does not have")
        for name in self.elements:
            if name in _above(self.elements, name):
                raise ValueError(f"`{name}` is its own parent")
        return self


def _above(elements: dict[str, Element], name: str) -> set[str]:
    """Every element that one is linked to, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        element = elements[waiting.pop()]
        new = {*element.is_a, *([element.same_as] if element.same_as else [])} - found
        found |= new
        waiting += new
    return found


class Shown(Model):
    """What is carried beside a definition or provision and never changes the set of conduct."""

    label: str


class Limb(Model):
    """One limb of a definition or provision: each kind named restricts it, a kind not named allows everything.

    Elements of one dimension are alternatives (any of them is enough); elements of different dimensions and facts
    must all be there. An alternative across kinds is another limb.
    """

    name: str | None = None
    """the limb's name in messages, such as `entry`"""
    act: Texts = ()
    object: Texts = ()
    circumstance: Texts = ()
    means: Texts = ()
    purpose: Texts = ()
    benefit: Texts = ()
    mens_rea: Texts = ()
    age: Texts = ()
    aggravating: Texts = ()
    exemption: Texts = ()
    unknown: dict[Kind, Texts] = Field(default_factory=dict)
    """kinds of which the text was not seen: only the elements named here are certainly covered, all may be"""
    open: dict[Kind, Texts] = Field(default_factory=dict)
    """elements that the text lets a state take in or leave out, beside those it names (minimum lists)"""


class Impossible(Model):
    """A combination that cannot occur."""

    limb: Limb
    reason: str
    evidence: Evidence


class Taxonomy(Model):
    """All elements: schemas/elements.yaml."""

    dimensions: tuple[Dimension, ...]
    facts: dict[Kind, dict[str, Element]]
    shown: dict[str, dict[str, Shown]]
    """kinds `extension` and `rule`"""
    impossible: tuple[Impossible, ...] = ()
